//! The line for a seat of a full slot: joining, leaving, answering an offer, and why one still waits.

pub mod accept;
pub mod decline;
pub mod join;
pub mod leave;
pub mod list;
pub mod offer;
