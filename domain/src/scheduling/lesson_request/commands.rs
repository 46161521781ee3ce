//! What can be asked of a lesson request.

use std::fmt;

use super::events::{Excluded, RequestTerms};
use crate::ids::{AccountId, SlotId};
use crate::money::Money;
use crate::refusal::Reason;

/// Commands to the aggregate `LessonRequest`.
#[derive(Clone)]
pub enum LessonRequestCommand {
    RequestLesson(Box<NewRequest>),
    /// What the search for teachers found.
    OfferRequest {
        rules_version: u16,
        considered: u32,
        offers: Vec<Offer>,
        excluded: Vec<Excluded>,
    },
    DeclineRequest {
        teacher: AccountId,
    },
    /// Goes together with the opening and the booking of the slot, in one append.
    AcceptRequest {
        teacher: AccountId,
        slot_id: SlotId,
        price: Money,
    },
    CancelRequest {
        student: AccountId,
    },
    /// The timer; refused before its time.
    ExpireRequest,
}

/// A request as it is made.
#[derive(Clone, PartialEq)]
pub struct NewRequest {
    pub student: AccountId,
    pub terms: RequestTerms,
    pub comment: Option<String>,
    /// Which of the student's places for open requests it takes, from 0: a place holds one.
    pub place: u8,
}

/// A teacher who is asked, and which rules they meet.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub teacher: AccountId,
    pub reasons: Vec<Reason>,
}

impl LessonRequestCommand {
    /// The name of the command, as logs and metrics show it.
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

/// Shows which command it is, never what is in it: that belongs to people.
impl fmt::Debug for LessonRequestCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
