//! What staff see of people and do about them.

pub mod analytics;
pub mod as_of;
pub mod dashboard;
pub mod erasure;
pub mod reports;
pub mod suspension;
pub mod tickets;
pub mod user;
pub mod users;
mod view;
