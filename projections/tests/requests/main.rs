//! The process manager of lesson requests on a real log: which teachers it asks, when a request ends, who
//! wins.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod acceptance;
mod ending;
mod places;
mod searching;
mod world;
