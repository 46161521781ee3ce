//! Deliveries of notifications.

pub mod list;
