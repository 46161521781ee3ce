//! What can have happened to a support ticket.

use cqrs_es::DomainEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::decider::EventEffects;
use crate::ids::{AccountId, NoteId, ReplyId, TicketId};
use crate::personal::Personal;
use crate::support::values::{AssignedBy, Channel, Priority, SlaTarget, Status, StatusCause};

/// Events of the aggregate `Ticket`. Every text in a ticket is about its requester and sealed with the
/// requester's key, whoever wrote it. Each event names the requester, so that whoever listens knows
/// whom it concerns without having read the ones before.
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
    /// `candidates` are those among whom the turn was decided, with the load that each had then; empty
    /// for an assignment by hand.
    TicketAssigned {
        requester: AccountId,
        agent: AccountId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<AccountId>,
        by: AssignedBy,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        candidates: Vec<Candidate>,
    },
    TicketUnassigned {
        requester: AccountId,
        agent: AccountId,
    },
    PriorityChanged {
        requester: AccountId,
        from: Priority,
        to: Priority,
    },
    CategoryChanged {
        requester: AccountId,
        category: String,
    },
    /// All tags that the ticket has now.
    TagsChanged {
        requester: AccountId,
        tags: Vec<String>,
    },
    /// By the requester, or by an agent to the requester.
    ReplyAdded {
        requester: AccountId,
        reply_id: ReplyId,
        author: AccountId,
        /// Who has the ticket.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<AccountId>,
        body: Personal<String>,
    },
    /// Among agents: the requester never sees it.
    InternalNoteAdded {
        requester: AccountId,
        note_id: NoteId,
        author: AccountId,
        body: Personal<String>,
    },
    StatusChanged {
        requester: AccountId,
        from: Status,
        to: Status,
        cause: StatusCause,
    },
    /// Resolved or closed before, open now.
    TicketReopened {
        requester: AccountId,
        from: Status,
        cause: StatusCause,
    },
    /// A duplicate: what goes on goes on there. `status` is what it had.
    TicketMerged {
        requester: AccountId,
        into: TicketId,
        status: Status,
    },
    /// On its own again, with the status that it had.
    TicketUnmerged {
        requester: AccountId,
        from: TicketId,
        status: Status,
    },
    /// The other side of `TicketMerged`, in the same append.
    DuplicateReceived {
        requester: AccountId,
        duplicate: TicketId,
    },
    /// The other side of `TicketUnmerged`.
    DuplicateReturned {
        requester: AccountId,
        duplicate: TicketId,
    },
    /// No agent had answered by then.
    FirstResponseBreached {
        requester: AccountId,
        due_at: Timestamp,
        policy_version: u16,
    },
    /// It was not resolved by then.
    ResolutionBreached {
        requester: AccountId,
        due_at: Timestamp,
        policy_version: u16,
    },
    SatisfactionRated {
        requester: AccountId,
        /// From 1 (bad) to 5 (good).
        rating: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Personal<String>>,
        /// Who had the ticket.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AccountId>,
    },
}

/// An agent who could have had the turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub agent: AccountId,
    /// Tickets of this agent that are neither resolved nor closed.
    pub open_tickets: u32,
    /// When this agent last had a turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assigned_at: Option<Timestamp>,
}

impl TicketEvent {
    /// Whose ticket it is.
    pub fn requester(&self) -> AccountId {
        match self {
            TicketEvent::TicketOpened { requester, .. }
            | TicketEvent::TicketAssigned { requester, .. }
            | TicketEvent::TicketUnassigned { requester, .. }
            | TicketEvent::PriorityChanged { requester, .. }
            | TicketEvent::CategoryChanged { requester, .. }
            | TicketEvent::TagsChanged { requester, .. }
            | TicketEvent::ReplyAdded { requester, .. }
            | TicketEvent::InternalNoteAdded { requester, .. }
            | TicketEvent::StatusChanged { requester, .. }
            | TicketEvent::TicketReopened { requester, .. }
            | TicketEvent::TicketMerged { requester, .. }
            | TicketEvent::TicketUnmerged { requester, .. }
            | TicketEvent::DuplicateReceived { requester, .. }
            | TicketEvent::DuplicateReturned { requester, .. }
            | TicketEvent::FirstResponseBreached { requester, .. }
            | TicketEvent::ResolutionBreached { requester, .. }
            | TicketEvent::SatisfactionRated { requester, .. } => *requester,
        }
    }

    /// The event of a missed target.
    pub(super) fn breached(
        target: SlaTarget,
        requester: AccountId,
        due_at: Timestamp,
        policy_version: u16,
    ) -> Self {
        match target {
            SlaTarget::FirstResponse => {
                TicketEvent::FirstResponseBreached { requester, due_at, policy_version }
            }
            SlaTarget::Resolution => TicketEvent::ResolutionBreached { requester, due_at, policy_version },
        }
    }
}

impl DomainEvent for TicketEvent {
    fn event_type(&self) -> String {
        match self {
            TicketEvent::TicketOpened { .. } => "TicketOpened",
            TicketEvent::TicketAssigned { .. } => "TicketAssigned",
            TicketEvent::TicketUnassigned { .. } => "TicketUnassigned",
            TicketEvent::PriorityChanged { .. } => "PriorityChanged",
            TicketEvent::CategoryChanged { .. } => "CategoryChanged",
            TicketEvent::TagsChanged { .. } => "TagsChanged",
            TicketEvent::ReplyAdded { .. } => "ReplyAdded",
            TicketEvent::InternalNoteAdded { .. } => "InternalNoteAdded",
            TicketEvent::StatusChanged { .. } => "StatusChanged",
            TicketEvent::TicketReopened { .. } => "TicketReopened",
            TicketEvent::TicketMerged { .. } => "TicketMerged",
            TicketEvent::TicketUnmerged { .. } => "TicketUnmerged",
            TicketEvent::DuplicateReceived { .. } => "DuplicateReceived",
            TicketEvent::DuplicateReturned { .. } => "DuplicateReturned",
            TicketEvent::FirstResponseBreached { .. } => "FirstResponseBreached",
            TicketEvent::ResolutionBreached { .. } => "ResolutionBreached",
            TicketEvent::SatisfactionRated { .. } => "SatisfactionRated",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for TicketEvent {}
