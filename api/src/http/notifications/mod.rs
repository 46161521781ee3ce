//! What one is told: the inbox, what became of each delivery, what one wants to be told and when not.

pub mod deliveries;
pub mod inbox;
pub mod preferences;
pub mod quiet_hours;
