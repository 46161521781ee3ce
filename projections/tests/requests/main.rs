//! What the process of lesson requests promises, on a real log: whom it asks, when it ends, who has it.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod acceptance;
mod ending;
mod places;
mod searching;
mod world;
