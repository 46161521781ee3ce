//! What the house promises to those who build in it, and what holds at every edge for those who call it.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod bad_input;
mod calendars;
mod document;
mod fuzz;
mod house;
mod limits;
mod permissions;
mod surface;
