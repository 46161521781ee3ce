//! What holds at every edge: who may enter, what is refused, and that the API is what its document says.

mod bad_input;
mod document;
mod fuzz;
mod limits;
mod permissions;
mod surface;
