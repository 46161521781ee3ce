//! The event log for auditors.

pub mod access_log;
pub mod list;
pub mod log_query;
pub mod view;
