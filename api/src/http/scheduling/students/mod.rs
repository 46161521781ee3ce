//! Students as their teachers see them.

pub mod get;
pub mod list;
