//! Support: tickets of the caller.

pub mod tickets;
