//! Routes of auditors: the event log. Each read is recorded.

pub mod events;
