//! Support: what people ask of the desk, and what they are answered.

pub mod tickets;
