//! What became of each delivery.

pub mod list;
