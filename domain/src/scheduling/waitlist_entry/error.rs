//! Refusals of commands to a waitlist entry.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// Refusal of a command to a waitlist entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaitlistError {
    #[error("there is no such waitlist entry, or not of this person")]
    NotFound,
    #[error("the student is waitlisted already")]
    AlreadyJoined,
    #[error("another seat is offered already")]
    AlreadyOffered,
    #[error("no seat is offered now")]
    NotOffered,
    #[error("the offer has expired")]
    OfferExpired,
    #[error("the student is no longer waitlisted")]
    Ended,
    #[error("it is not its time yet")]
    TooEarly,
}

impl RefusalError for WaitlistError {
    fn refusal(&self) -> Refusal {
        let (code, kind) = match self {
            WaitlistError::NotFound => ("waitlist_entry_not_found", RefusalKind::NotFound),
            WaitlistError::AlreadyJoined => ("already_waiting", RefusalKind::Conflict),
            WaitlistError::AlreadyOffered => ("seat_already_offered", RefusalKind::Conflict),
            WaitlistError::NotOffered => ("no_seat_offered", RefusalKind::Conflict),
            WaitlistError::OfferExpired => ("offer_expired", RefusalKind::Conflict),
            WaitlistError::Ended => ("waitlist_left", RefusalKind::Conflict),
            WaitlistError::TooEarly => ("too_early", RefusalKind::Conflict),
        };
        Refusal::new(code, kind, self.to_string()).because(Reason::rule(code))
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
