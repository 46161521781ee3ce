//! What the keeping of series promises: on a real Postgres, with a clock that can be moved.
#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod changing;
mod faults;
mod people;
mod rolling;
mod world;
