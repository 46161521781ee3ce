//! Version of the program and status of its servers.

pub mod get;
