//! Which program this is.

pub mod get;
