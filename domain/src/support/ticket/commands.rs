//! What can be asked of a support ticket. `by` is the session's account, always; that an agent may do
//! what agents do is the edge's matter.

use std::fmt;

use jiff::Timestamp;

use super::events::Candidate;
use crate::ids::{AccountId, NoteId, ReplyId, TicketId};
use crate::support::values::{Channel, Priority, SlaTarget, Status};

/// Commands to the aggregate `Ticket`.
#[derive(Clone)]
pub enum TicketCommand {
    OpenTicket(NewTicket),
    /// To somebody whom an agent chose.
    AssignTicket {
        agent: AccountId,
    },
    /// To whoever's turn it is.
    AssignByTurn {
        candidates: Vec<Candidate>,
    },
    UnassignTicket,
    /// What is `None` stays.
    ClassifyTicket(Classification),
    ReplyAsRequester {
        reply_id: ReplyId,
        by: AccountId,
        body: String,
    },
    ReplyAsAgent {
        reply_id: ReplyId,
        by: AccountId,
        body: String,
    },
    AddNote {
        note_id: NoteId,
        by: AccountId,
        body: String,
    },
    /// `Open` opens again what was resolved or closed.
    ChangeStatus {
        to: Status,
    },
    /// One half of [`merge`].
    Merge {
        into: TicketId,
    },
    /// The other half of [`merge`].
    ReceiveDuplicate {
        duplicate: TicketId,
    },
    /// One half of [`unmerge`].
    Unmerge {
        from: TicketId,
    },
    /// The other half of [`unmerge`].
    ReturnDuplicate {
        duplicate: TicketId,
    },
    /// By the timer that found it missed.
    RecordBreach {
        target: SlaTarget,
        due_at: Timestamp,
        policy_version: u16,
    },
    RateSatisfaction {
        by: AccountId,
        rating: u8,
        comment: Option<String>,
    },
}

/// A ticket as it is opened; texts are personal to the requester.
#[derive(Clone, PartialEq)]
pub struct NewTicket {
    pub requester: AccountId,
    pub title: String,
    pub description: String,
    pub priority: Priority,
    pub category: String,
    pub tags: Vec<String>,
    pub channel: Channel,
}

/// How urgent a ticket is, and what it is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classification {
    pub priority: Option<Priority>,
    pub category: Option<String>,
    /// All of them.
    pub tags: Option<Vec<String>>,
}

impl TicketCommand {
    /// The name of the command, as logs and metrics show it.
    pub fn name(&self) -> &'static str {
        match self {
            TicketCommand::OpenTicket(_) => "OpenTicket",
            TicketCommand::AssignTicket { .. } => "AssignTicket",
            TicketCommand::AssignByTurn { .. } => "AssignByTurn",
            TicketCommand::UnassignTicket => "UnassignTicket",
            TicketCommand::ClassifyTicket(_) => "ClassifyTicket",
            TicketCommand::ReplyAsRequester { .. } => "ReplyAsRequester",
            TicketCommand::ReplyAsAgent { .. } => "ReplyAsAgent",
            TicketCommand::AddNote { .. } => "AddNote",
            TicketCommand::ChangeStatus { .. } => "ChangeStatus",
            TicketCommand::Merge { .. } => "Merge",
            TicketCommand::ReceiveDuplicate { .. } => "ReceiveDuplicate",
            TicketCommand::Unmerge { .. } => "Unmerge",
            TicketCommand::ReturnDuplicate { .. } => "ReturnDuplicate",
            TicketCommand::RecordBreach { .. } => "RecordBreach",
            TicketCommand::RateSatisfaction { .. } => "RateSatisfaction",
        }
    }
}

/// Shows which command it is, never what is in it: that belongs to people.
impl fmt::Debug for TicketCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Shows whose ticket and of what sort, never its text.
impl fmt::Debug for NewTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewTicket")
            .field("requester", &self.requester)
            .field("priority", &self.priority)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}
