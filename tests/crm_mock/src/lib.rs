//! The external CRM of the contract, in memory, for tests and development: the modules of the crate.

mod answer;
mod control;
mod crm;
mod faults;
mod connection;
mod page;
mod reception;
mod record_log;
mod server;
mod record_store;
mod stats;
mod tickets;
mod users;
mod validate;

pub use crm::Settings;
pub use server::{router, router_with, serve, serve_with};
