//! Reported messages.

pub mod list;
