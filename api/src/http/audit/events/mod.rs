//! The log itself. Reads of it are recorded.

pub mod access_log;
pub mod list;
pub mod log_query;
pub mod view;
