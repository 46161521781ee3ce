//! What the house promises to those who build in it, and what holds at every edge for those who call it.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod bad_input;
mod calendars;
mod circles;
mod document;
mod fuzz;
mod layout;
mod limits;
mod module_graph;
mod permissions;
mod surface;
