//! People of a demo installation, with whom a visitor can look around.

pub mod get;
