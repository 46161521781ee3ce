//! Events of a support ticket.

use cqrs_es::DomainEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::decider::EventEffects;
use crate::ids::{AccountId, NoteId, ReplyId, TicketId};
use crate::personal::Personal;
use crate::support::values::{AssignedBy, Channel, Priority, SlaTarget, Status, StatusCause};

/// Events of the aggregate `Ticket`. Every text in a ticket is about its requester and is sealed with the
/// requester's key, also if an agent wrote it. Each event names the requester, so that an event handler
/// knows the person without the earlier events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TicketEvent {
    TicketOpened {
        title: Personal<String>,
        description: Personal<String>,
        priority: Priority,
        /// Name of a category of the dictionary. Version 1.0 had a text of the requester.
        category: String,
        /// Words without contacts, in lower case, given by staff and the system. Version 1.0 had texts.
        tags: Vec<String>,
        requester: AccountId,
        channel: Channel,
    },
    /// `candidates` are the agents among whom the turn was decided, with their load at that time. It is empty
    /// for a manual assignment.
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
    /// All present tags of the ticket.
    TagsChanged {
        requester: AccountId,
        tags: Vec<String>,
    },
    /// A reply by the requester, or by an agent to the requester.
    ReplyAdded {
        requester: AccountId,
        reply_id: ReplyId,
        author: AccountId,
        /// Agent to whom the ticket is assigned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<AccountId>,
        body: Personal<String>,
    },
    /// A note among agents; the requester never sees it.
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
    /// A resolved or closed ticket was opened again.
    TicketReopened {
        requester: AccountId,
        from: Status,
        cause: StatusCause,
    },
    /// The ticket is a duplicate; the work continues in the other ticket. `status` is its status before.
    TicketMerged {
        requester: AccountId,
        into: TicketId,
        status: Status,
    },
    /// The ticket is separate again, with its former status.
    TicketUnmerged {
        requester: AccountId,
        from: TicketId,
        status: Status,
    },
    /// Event of the receiving ticket for `TicketMerged`, in the same append.
    DuplicateReceived {
        requester: AccountId,
        duplicate: TicketId,
    },
    /// Event of the receiving ticket for `TicketUnmerged`, in the same append.
    DuplicateReturned {
        requester: AccountId,
        duplicate: TicketId,
    },
    /// No agent had answered by the due time.
    FirstResponseBreached {
        requester: AccountId,
        due_at: Timestamp,
        policy_version: u16,
    },
    /// The ticket was not resolved by the due time.
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
        /// Agent to whom the ticket was assigned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AccountId>,
    },
}

/// Candidate: an agent who could have had the turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub agent: AccountId,
    /// Number of the agent's tickets that are neither resolved nor closed.
    pub open_tickets: u32,
    /// Instant of the agent's last turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assigned_at: Option<Timestamp>,
}

impl TicketEvent {
    /// Returns the requester of the ticket.
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

    /// Returns the event of a missed target.
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
        let version = match self {
            TicketEvent::TicketOpened { .. }
            | TicketEvent::CategoryChanged { .. }
            | TicketEvent::TagsChanged { .. } => "2.0",
            TicketEvent::TicketAssigned { .. }
            | TicketEvent::TicketUnassigned { .. }
            | TicketEvent::PriorityChanged { .. }
            | TicketEvent::ReplyAdded { .. }
            | TicketEvent::InternalNoteAdded { .. }
            | TicketEvent::StatusChanged { .. }
            | TicketEvent::TicketReopened { .. }
            | TicketEvent::TicketMerged { .. }
            | TicketEvent::TicketUnmerged { .. }
            | TicketEvent::DuplicateReceived { .. }
            | TicketEvent::DuplicateReturned { .. }
            | TicketEvent::FirstResponseBreached { .. }
            | TicketEvent::ResolutionBreached { .. }
            | TicketEvent::SatisfactionRated { .. } => "1.0",
        };
        version.to_owned()
    }
}

impl EventEffects for TicketEvent {}
