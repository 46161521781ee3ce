//! What can have happened to a support ticket.

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

use crate::decider::Fact;
use crate::ids::AccountId;
use crate::personal::Personal;

/// Events of the aggregate `Ticket`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TicketEvent {
    TicketOpened {
        title: Personal<String>,
        description: Personal<String>,
        priority: Priority,
        category: String,
        tags: Vec<String>,
        requester: AccountId,
        channel: Channel,
    },
}

/// How urgent a ticket is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    Medium,
    High,
    Urgent,
}

/// Through which door a ticket came.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Web,
    Agent,
    System,
}

impl DomainEvent for TicketEvent {
    fn event_type(&self) -> String {
        match self {
            TicketEvent::TicketOpened { .. } => "TicketOpened",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl Fact for TicketEvent {}
