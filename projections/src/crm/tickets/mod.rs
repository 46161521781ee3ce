//! Support tickets as they are now.

mod model;
mod queries;

use domain::{AccountId, TicketId};
use jiff::Timestamp;
use serde::Serialize;

pub use model::Tickets;
pub use queries::{TicketFilter, ticket, tickets};

/// One ticket.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TicketRow {
    pub ticket_id: TicketId,
    /// `None` once the requester is erased.
    pub title: Option<String>,
    pub description: Option<String>,
    pub status: String,
    pub priority: String,
    pub category: String,
    pub tags: Vec<String>,
    pub requester: AccountId,
    pub channel: String,
    pub opened_at: Timestamp,
    /// Sequence of the ticket's last event.
    pub version: i64,
}
