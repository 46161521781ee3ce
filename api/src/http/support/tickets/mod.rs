//! Tickets of the caller.

pub mod create;
pub mod get;
pub mod history;
pub mod list;
pub mod rate;
pub mod rate_by_link;
pub mod reply;
pub mod view;
