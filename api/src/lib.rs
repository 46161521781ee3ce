//! The edge and the composition root: how the outside world asks, and is answered.

pub mod cli;
pub mod config;
pub mod embedded;
