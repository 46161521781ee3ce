//! Commands to a lesson request.

use std::fmt;

use jiff::Timestamp;

use super::events::{Excluded, RequestTerms};
use crate::ids::{AccountId, SlotId};
use crate::money::Money;
use crate::refusal::Reason;

/// Commands to the aggregate `LessonRequest`.
#[derive(Clone)]
pub enum LessonRequestCommand {
    RequestLesson(Box<NewRequest>),
    /// Result of the search for teachers.
    OfferRequest {
        rules_version: u16,
        considered: u32,
        offers: Vec<Offer>,
        excluded: Vec<Excluded>,
        /// Instant at which the other matching teachers are asked; `None` if there are none.
        next_wave_at: Option<Timestamp>,
    },
    DeclineRequest {
        teacher: AccountId,
    },
    /// Accepts the request, in one append with the opening and the booking of the slot.
    AcceptRequest {
        teacher: AccountId,
        slot_id: SlotId,
        price: Money,
    },
    CancelRequest {
        student: AccountId,
    },
    /// Fired timer; refused before its time.
    ExpireRequest,
}

/// Fields of a new request.
#[derive(Clone, PartialEq)]
pub struct NewRequest {
    pub student: AccountId,
    pub terms: RequestTerms,
    pub comment: Option<String>,
    /// Index of the request among the open requests of the student, from 0; each index holds one.
    pub place: u8,
}

/// Teacher who gets an offer, with the rules that match.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub teacher: AccountId,
    pub reasons: Vec<Reason>,
}

impl LessonRequestCommand {
    /// Returns the name of the command for logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            LessonRequestCommand::RequestLesson(_) => "RequestLesson",
            LessonRequestCommand::OfferRequest { .. } => "OfferRequest",
            LessonRequestCommand::DeclineRequest { .. } => "DeclineRequest",
            LessonRequestCommand::AcceptRequest { .. } => "AcceptRequest",
            LessonRequestCommand::CancelRequest { .. } => "CancelRequest",
            LessonRequestCommand::ExpireRequest => "ExpireRequest",
        }
    }
}

/// Prints the name of the command only: its content is personal.
impl fmt::Debug for LessonRequestCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
