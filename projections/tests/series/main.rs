//! The process manager of series: on a real Postgres, with a clock that a test moves.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod changing;
mod faults;
mod people;
mod rolling;
mod world;
