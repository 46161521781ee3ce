//! What one wants to be told by which channels.

pub mod change;
pub mod get;
pub mod view;
