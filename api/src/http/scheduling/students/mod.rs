//! Students as their teachers see them.

pub mod get;
