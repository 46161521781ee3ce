//! What auditors see: the log itself. Their own reads are recorded.

pub mod events;
