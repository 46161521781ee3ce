//! Why a command to a ticket is refused.

use crate::claims::ClaimRefused;
use crate::decider::Refuses;
use crate::dispatch::{Refusal, RefusalKind};

/// A refusal by a ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    #[error("the ticket is already open")]
    AlreadyOpened,
    #[error("a ticket has a title")]
    TitleMissing,
}

impl Refuses for TicketError {
    fn refusal(&self) -> Refusal {
        match self {
            TicketError::AlreadyOpened => Refusal::conflict("ticket_already_opened", self.to_string()),
            TicketError::TitleMissing => {
                Refusal::new("title_missing", RefusalKind::Invalid, self.to_string())
            }
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
