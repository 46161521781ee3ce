//! Commands to a support ticket. `by` is always the account of the session. The HTTP layer checks the
//! permissions of agents.

use std::fmt;

use jiff::Timestamp;

use super::events::Candidate;
use crate::ids::{AccountId, NoteId, ReplyId, TicketId};
use crate::support::values::{Channel, Priority, SlaTarget, Status};

/// Commands to the aggregate `Ticket`.
#[derive(Clone)]
pub enum TicketCommand {
    OpenTicket(NewTicket),
    /// Assigns the ticket to an agent whom the caller chose.
    AssignTicket {
        agent: AccountId,
    },
    /// Assigns the ticket to the agent whose turn it is.
    AssignByTurn {
        candidates: Vec<Candidate>,
    },
    UnassignTicket,
    /// Changes only the fields that are not `None`.
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
    /// `Open` reopens a resolved or closed ticket.
    ChangeStatus {
        to: Status,
    },
    /// First command of [`merge`].
    Merge {
        into: TicketId,
    },
    /// Second command of [`merge`].
    ReceiveDuplicate {
        duplicate: TicketId,
        /// Requester of the duplicate.
        requester: AccountId,
    },
    /// First command of [`unmerge`].
    Unmerge {
        from: TicketId,
    },
    /// Second command of [`unmerge`].
    ReturnDuplicate {
        duplicate: TicketId,
    },
    /// Issued by the timer of a missed target.
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

/// Ticket to be opened; its texts are personal data of the requester.
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

/// Classification of a ticket: its priority, category and tags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classification {
    pub priority: Option<Priority>,
    pub category: Option<String>,
    /// All tags; they replace the present ones.
    pub tags: Option<Vec<String>>,
}

impl TicketCommand {
    /// Returns the name of the command for logs and metrics.
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

/// Shows the name of the command, never its content, which is personal data.
impl fmt::Debug for TicketCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Shows the requester and the kind of the ticket, never its text.
impl fmt::Debug for NewTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewTicket")
            .field("requester", &self.requester)
            .field("priority", &self.priority)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}
