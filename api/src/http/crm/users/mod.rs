//! People in the CRM views: list, timeline, tickets, suspension, erasure.

pub mod change;
pub mod create;
pub mod erase;
pub mod get;
pub mod list;
pub mod reinstate;
pub mod suspend;
pub mod suspension;
pub mod tickets;
pub mod timeline;
pub mod view;
