//! The external CRM of the contract, in memory, for tests and development: the modules of the crate.

mod answer;
mod connection;
mod control;
mod crm;
mod faults;
mod page;
mod parts;
mod reception;
mod record_log;
mod record_store;
mod server;
mod stats;
mod tickets;
mod users;
mod validate;

pub use crm::Settings;
pub use parts::Part;
pub use server::{router, router_with, serve, serve_with};
