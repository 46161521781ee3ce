//! Refusals of commands to a slot.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::field_problem::FieldProblem;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// Refusal of a command to a slot; the fields give the facts behind it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    #[error("there is no such slot, or not for this person")]
    NotFound,
    #[error("there is no such booking, or not of this person")]
    BookingNotFound,
    #[error("there is no such hold, or not of this person")]
    HoldNotFound,
    #[error("there is no such waitlist entry")]
    WaitlistEntryNotFound,
    #[error("there is nothing that could be accepted or declined")]
    ProposalNotFound,
    #[error("the slot is open already")]
    AlreadyOpened,
    #[error("{} of the fields are not acceptable", .0.len())]
    InvalidFields(Vec<FieldProblem>),
    #[error("the time is past")]
    InPast,
    /// `state`: withdrawn, cancelled, started or completed.
    #[error("the slot is {state}")]
    Closed { state: &'static str },
    #[error("no seat is free")]
    Taken { capacity: u16, booked: u16, held: u16, waiting: u16 },
    #[error("the student has a seat already")]
    AlreadyBooked,
    #[error("the student holds a seat already")]
    AlreadyHeld,
    #[error("a teacher does not book their own slot")]
    OwnSlot,
    #[error("a student is booked")]
    Booked,
    #[error("fewer seats than are taken")]
    SeatsTaken { taken: u16 },
    #[error("the hold has expired")]
    HoldExpired,
    #[error("it is not its time yet")]
    TooEarly,
    #[error("the lesson is over")]
    Over,
    #[error("the lesson has not been held")]
    NotHeld,
    #[error("a lesson is completed once")]
    AlreadyCompleted,
    #[error("a proposal is open already")]
    AlreadyProposed,
    #[error("the proposer cannot answer")]
    OwnProposal,
    #[error("the proposal has expired")]
    ProposalExpired,
    #[error("in a lesson of several students only the teacher proposes")]
    NotAlone,
    #[error("it is too late to move the booking")]
    LateMove { window_hours: u16 },
    #[error("a booking moves only to another slot of the same teacher")]
    AnotherTeacher,
    #[error("the student was not there")]
    NotAttended,
    #[error("the student has reviewed the lesson already")]
    AlreadyReviewed,
    #[error("a seat is free: it can be booked")]
    SeatFree,
    #[error("the student is waitlisted already")]
    AlreadyWaiting,
    #[error("the waitlist has changed")]
    LineMoved,
    #[error("another student is first in the waitlist")]
    NotFirst,
}

impl SlotError {
    fn code_and_kind(&self) -> (&'static str, RefusalKind) {
        use RefusalKind::{Conflict, Invalid, NotFound};
        match self {
            SlotError::NotFound => ("slot_not_found", NotFound),
            SlotError::BookingNotFound => ("booking_not_found", NotFound),
            SlotError::HoldNotFound => ("hold_not_found", NotFound),
            SlotError::WaitlistEntryNotFound => ("waitlist_entry_not_found", NotFound),
            SlotError::ProposalNotFound => ("proposal_not_found", Conflict),
            SlotError::AlreadyOpened => ("slot_already_opened", Conflict),
            SlotError::InvalidFields(_) => ("invalid_fields", Invalid),
            SlotError::InPast => ("slot_in_past", Conflict),
            SlotError::Closed { .. } => ("slot_closed", Conflict),
            SlotError::Taken { .. } => ("slot_taken", Conflict),
            SlotError::AlreadyBooked => ("already_booked", Conflict),
            SlotError::AlreadyHeld => ("already_held", Conflict),
            SlotError::OwnSlot => ("own_slot", Conflict),
            SlotError::Booked => ("slot_booked", Conflict),
            SlotError::SeatsTaken { .. } => ("seats_taken", Conflict),
            SlotError::HoldExpired => ("hold_expired", Conflict),
            SlotError::TooEarly => ("too_early", Conflict),
            SlotError::Over => ("lesson_over", Conflict),
            SlotError::NotHeld => ("lesson_not_held", Conflict),
            SlotError::AlreadyCompleted => ("lesson_already_completed", Conflict),
            SlotError::AlreadyProposed => ("already_proposed", Conflict),
            SlotError::OwnProposal => ("own_proposal", Conflict),
            SlotError::ProposalExpired => ("proposal_expired", Conflict),
            SlotError::NotAlone => ("not_alone", Conflict),
            SlotError::LateMove { .. } => ("late_move", Conflict),
            SlotError::AnotherTeacher => ("another_teacher", Conflict),
            SlotError::NotAttended => ("not_attended", Conflict),
            SlotError::AlreadyReviewed => ("already_reviewed", Conflict),
            SlotError::SeatFree => ("seat_free", Conflict),
            SlotError::AlreadyWaiting => ("already_waiting", Conflict),
            SlotError::LineMoved => ("line_moved", Conflict),
            SlotError::NotFirst => ("not_first_in_line", Conflict),
        }
    }
}

impl RefusalError for SlotError {
    fn refusal(&self) -> Refusal {
        let (code, kind) = self.code_and_kind();
        let refusal = Refusal::new(code, kind, self.to_string());
        match self {
            SlotError::InvalidFields(problems) => {
                problems.iter().map(Reason::from).fold(refusal, Refusal::because)
            }
            SlotError::Closed { state } => refusal.because(Reason::rule(code).with("state", state)),
            SlotError::Taken { capacity, booked, held, waiting } => refusal.because(
                Reason::rule(code)
                    .with("capacity", capacity)
                    .with("booked", booked)
                    .with("held", held)
                    .with("waiting", waiting),
            ),
            SlotError::SeatsTaken { taken } => refusal.because(Reason::rule(code).with("taken", taken)),
            SlotError::LateMove { window_hours } => {
                refusal.because(Reason::rule(code).with("window_hours", window_hours))
            }
            _ => refusal.because(Reason::rule(code)),
        }
    }

    /// Names only the person: the other lesson stays private.
    fn claim_refused(claim: ClaimRefused) -> Refusal {
        let reason = Reason::rule("time_conflict");
        let reason = match claim {
            ClaimRefused::Time { person, .. } => reason.with("person", person),
            ClaimRefused::Unique { .. } => reason,
        };
        Refusal::conflict("time_conflict", "somebody is elsewhere at that time").because(reason)
    }
}
