//! Read model of support tickets: present state, filters and counts.

mod apply;
mod counts;
mod filter;
mod model;
mod queries;
mod rows;
mod texts;

use domain::{AccountId, StreamVersion, TicketId};
use jiff::Timestamp;
use serde::Deserialize;

use crate::crm::FreeText;

pub use counts::{AgentRow, agents, count_tickets, find_assignment_candidates};
pub use filter::{Assignee, SlaState, TicketFilter, TicketSort};
pub use model::TicketsReadModel;
pub use queries::{open_tickets_of_agent, ticket, tickets, tickets_of};

/// Ticket with the names of its people.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TicketRow {
    pub ticket_id: TicketId,
    /// `None` if the requester is erased.
    pub title: Option<FreeText>,
    pub description: Option<FreeText>,
    pub status: String,
    pub priority: String,
    pub category: String,
    pub tags: Vec<String>,
    pub requester: AccountId,
    /// `None` if the person is erased.
    pub requester_name: Option<String>,
    pub assignee: Option<AccountId>,
    pub assignee_name: Option<String>,
    pub channel: String,
    pub merged_into: Option<TicketId>,
    pub opened_at: Timestamp,
    pub updated_at: Timestamp,
    pub first_response_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub replies: i32,
    pub notes: i32,
    pub rating: Option<i16>,
    pub first_response_due_at: Option<Timestamp>,
    pub resolution_due_at: Option<Timestamp>,
    pub first_response_missed_at: Option<Timestamp>,
    pub resolution_missed_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    /// SLA state at the instant of the query.
    pub sla: String,
    /// Stream version of the ticket.
    pub version: StreamVersion,
}
