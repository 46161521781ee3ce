//! Refusals of commands to a ticket.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::field_problem::FieldProblem;
use crate::ids::TicketId;
use crate::refusal::{Reason, Refusal, RefusalKind};
use crate::support::values::Status;

/// Refusal by a ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    #[error("the ticket does not exist, or not for this person")]
    NotFound,
    #[error("the ticket is already open")]
    AlreadyOpened,
    #[error("a ticket must have a title")]
    TitleMissing,
    #[error("{} of the fields are invalid", .0.len())]
    InvalidFields(Vec<FieldProblem>),
    #[error("the ticket is closed")]
    Closed,
    #[error("the ticket was merged into another")]
    Merged { into: TicketId },
    #[error("a ticket cannot change from {from} to {to}")]
    StatusOutOfOrder { from: Status, to: Status },
    #[error("no agent can take the ticket")]
    NoAgent,
    #[error("a ticket cannot be merged into itself")]
    MergeIntoItself,
    #[error("the tickets have different requesters")]
    OtherRequester,
    #[error("the ticket is not merged into that ticket")]
    NotMerged,
    #[error("the ticket is neither resolved nor closed")]
    NotResolved { status: Status },
    #[error("the ticket was already rated")]
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
            TicketError::OtherRequester => ("different_requesters", Conflict),
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
            | TicketError::OtherRequester
            | TicketError::NotMerged
            | TicketError::AlreadyRated => refusal.because(Reason::rule(code)),
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
