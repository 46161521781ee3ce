//! People in the CRM views: list, timeline, tickets, suspension, erasure, reveal of contacts.

pub mod change;
pub mod create;
pub mod erase;
pub mod get;
pub mod list;
pub mod reason;
pub mod reinstate;
pub mod reveal;
pub mod suspend;
pub mod suspension;
pub mod tickets;
pub mod timeline;
pub mod view;
