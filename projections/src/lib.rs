//! From a committed event to everything that follows from it: read models and process managers.

pub mod accounts;
pub mod audit_index;
pub mod crm;
pub mod live;
pub mod messaging;
pub mod notifications;
pub mod processes;
pub mod scheduling;

mod casts;
mod read_models;

pub use read_models::read_models;
