//! What one is told: the inbox, what became of each delivery, what one wants to be told and when not.

pub mod deliveries;
pub mod list;
pub mod preferences;
pub mod quiet_hours;
pub mod reading;
