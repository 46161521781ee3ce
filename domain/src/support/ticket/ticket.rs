//! State of a support ticket.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, TicketId};
use crate::support::values::{Channel, Priority, SlaTarget, Status};

/// Ticket: not yet opened, or opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Ticket {
    #[default]
    Unopened,
    Opened(Box<TicketState>),
}

/// Opened ticket. Its texts are only in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketState {
    pub requester: AccountId,
    pub channel: Channel,
    /// Its own; a ticket that was merged counts as closed, see [`TicketState::status`].
    pub own_status: Status,
    pub priority: Priority,
    pub category: String,
    pub tags: Vec<String>,
    pub assignee: Option<AccountId>,
    /// `true` if an agent has replied.
    pub answered: bool,
    pub merged_into: Option<TicketId>,
    pub duplicates: BTreeSet<TicketId>,
    /// Missed targets; each is recorded once in a ticket's life.
    pub breached: BTreeSet<SlaTarget>,
    /// Rating since the last resolution.
    pub rating: Option<u8>,
}

impl Ticket {
    /// Returns the opened ticket; `None` before the opening.
    pub fn case(&self) -> Option<&TicketState> {
        match self {
            Ticket::Unopened => None,
            Ticket::Opened(case) => Some(case),
        }
    }
}

impl TicketState {
    /// Returns the status that people see.
    pub fn status(&self) -> Status {
        if self.merged_into.is_some() { Status::Closed } else { self.own_status }
    }
}
