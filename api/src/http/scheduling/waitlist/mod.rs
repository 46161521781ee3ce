//! Waitlist of a full slot: join, leave, answer an offer, and list entries with reasons.

pub mod accept;
pub mod decline;
pub mod join;
pub mod leave;
pub mod list;
pub mod offer;
