//! Why a command to a ticket is refused.

use crate::claims::ClaimRefused;
use crate::decider::Refuses;
use crate::dispatch::{Reason, Refusal, RefusalKind};
use crate::field_problem::FieldProblem;

/// A refusal by a ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    #[error("the ticket is already open")]
    AlreadyOpened,
    #[error("a ticket has a title")]
    TitleMissing,
    #[error("{} of the fields are not acceptable", .0.len())]
    InvalidFields(Vec<FieldProblem>),
}

impl Refuses for TicketError {
    fn refusal(&self) -> Refusal {
        match self {
            TicketError::AlreadyOpened => Refusal::conflict("ticket_already_opened", self.to_string()),
            TicketError::TitleMissing => {
                Refusal::new("title_missing", RefusalKind::Invalid, self.to_string())
                    .because(Reason::field("/title", "empty"))
            }
            TicketError::InvalidFields(problems) => {
                let refusal = Refusal::new("invalid_fields", RefusalKind::Invalid, self.to_string());
                problems.iter().map(Reason::from).fold(refusal, Refusal::because)
            }
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
