//! What the keeping of series promises: on a real Postgres, with a clock that can be moved.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod changing;
mod faults;
mod people;
mod rolling;
mod world;
