//! The line for a seat of a full slot: joining, leaving, answering an offer, and why one still waits.

pub mod line;
pub mod list;
pub mod offer;
