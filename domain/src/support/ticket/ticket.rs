//! State of a support ticket.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, TicketId};
use crate::support::values::{Channel, Priority, SlaTarget, Status};

/// A ticket: not there yet, or opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Ticket {
    #[default]
    Unopened,
    Opened(Box<Case>),
}

/// A ticket that was opened. What was written in it is in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub requester: AccountId,
    pub channel: Channel,
    /// Its own; a ticket that was merged counts as closed, see [`Case::status`].
    pub own_status: Status,
    pub priority: Priority,
    pub category: String,
    pub tags: Vec<String>,
    pub assignee: Option<AccountId>,
    /// Whether an agent has replied.
    pub answered: bool,
    pub merged_into: Option<TicketId>,
    pub duplicates: BTreeSet<TicketId>,
    /// What was missed; each is said once in a ticket's life.
    pub breached: BTreeSet<SlaTarget>,
    /// Since it was last resolved.
    pub rating: Option<u8>,
}

impl Ticket {
    /// What was opened, if it was.
    pub fn case(&self) -> Option<&Case> {
        match self {
            Ticket::Unopened => None,
            Ticket::Opened(case) => Some(case),
        }
    }
}

impl Case {
    /// Where the ticket stands, as people see it.
    pub fn status(&self) -> Status {
        if self.merged_into.is_some() { Status::Closed } else { self.own_status }
    }
}
