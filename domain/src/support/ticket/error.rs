//! Why a command to a ticket is refused.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::field_problem::FieldProblem;
use crate::ids::TicketId;
use crate::refusal::{Reason, Refusal, RefusalKind};
use crate::support::values::Status;

/// A refusal by a ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    #[error("there is no such ticket, or not for this person")]
    NotFound,
    #[error("the ticket is already open")]
    AlreadyOpened,
    #[error("a ticket has a title")]
    TitleMissing,
    #[error("{} of the fields are not acceptable", .0.len())]
    InvalidFields(Vec<FieldProblem>),
    #[error("the ticket is closed")]
    Closed,
    #[error("the ticket was merged into another")]
    Merged { into: TicketId },
    #[error("from {from} a ticket does not become {to}")]
    StatusOutOfOrder { from: Status, to: Status },
    #[error("nobody can take the ticket")]
    NoAgent,
    #[error("a ticket is not merged into itself")]
    MergeIntoItself,
    #[error("the ticket was not merged into that one")]
    NotMerged,
    #[error("the ticket is neither resolved nor closed")]
    NotResolved { status: Status },
    #[error("the ticket was rated")]
    AlreadyRated,
}

impl TicketError {
    fn code(&self) -> (&'static str, RefusalKind) {
        use RefusalKind::{Conflict, Invalid, NotFound};
        match self {
            TicketError::NotFound => ("ticket_not_found", NotFound),
            TicketError::AlreadyOpened => ("ticket_already_opened", Conflict),
            TicketError::TitleMissing => ("title_missing", Invalid),
            TicketError::InvalidFields(_) => ("invalid_fields", Invalid),
            TicketError::Closed => ("ticket_closed", Conflict),
            TicketError::Merged { .. } => ("ticket_merged", Conflict),
            TicketError::StatusOutOfOrder { .. } => ("status_out_of_order", Conflict),
            TicketError::NoAgent => ("no_agent_available", Conflict),
            TicketError::MergeIntoItself => ("merge_into_itself", Conflict),
            TicketError::NotMerged => ("ticket_not_merged", Conflict),
            TicketError::NotResolved { .. } => ("ticket_not_resolved", Conflict),
            TicketError::AlreadyRated => ("already_rated", Conflict),
        }
    }
}

impl RefusalError for TicketError {
    fn refusal(&self) -> Refusal {
        let (code, kind) = self.code();
        let refusal = Refusal::new(code, kind, self.to_string());
        match self {
            TicketError::TitleMissing => refusal.because(Reason::field("/title", "empty")),
            TicketError::InvalidFields(problems) => {
                problems.iter().map(Reason::from).fold(refusal, Refusal::because)
            }
            TicketError::Merged { into } => refusal.because(Reason::rule(code).with("into", into)),
            TicketError::StatusOutOfOrder { from, to } => {
                let next: Vec<_> = from.next().iter().map(|status| status.as_str()).collect();
                let reason = Reason::rule(code).with("from", from).with("to", to);
                refusal.because(reason.with("possible", next.join(",")))
            }
            TicketError::NotResolved { status } => refusal.because(Reason::rule(code).with("status", status)),
            TicketError::NotFound
            | TicketError::AlreadyOpened
            | TicketError::Closed
            | TicketError::NoAgent
            | TicketError::MergeIntoItself
            | TicketError::NotMerged
            | TicketError::AlreadyRated => refusal.because(Reason::rule(code)),
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
