//! Notifications: the inbox, deliveries, preferences and quiet hours of the caller.

pub mod deliveries;
pub mod inbox;
pub mod preferences;
pub mod quiet_hours;
