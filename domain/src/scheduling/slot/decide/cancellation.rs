//! Decides an end before the start: withdrawing an offer, cancelling a booking or the lesson.

use jiff::Timestamp;

use super::super::error::SlotError;
use super::super::events::{HoldEnd, SlotEvent, WaitEnd};
use super::super::slot::{Booking, BookingStage, Lesson, Slot, Stage};
use super::super::validate::written;
use crate::decider::Decision;
use crate::ids::{AccountId, BookingId};
use crate::money::Money;
use crate::personal::Personal;
use crate::scheduling::limits::REASON_LIMIT;
use crate::scheduling::terms::{Agent, Party};

impl Lesson {
    /// What nobody has booked is taken back; who held a seat or stood in line does so no more.
    pub(super) fn withdraw(&self, by: Agent, reason: Option<&str>, now: Timestamp) -> Decision<Slot> {
        self.check_for_teacher(by)?;
        if self.stage == Stage::Withdrawn {
            return Ok(vec![]);
        }
        self.check_upcoming(now)?;
        if self.seats_taken() > 0 {
            return Err(SlotError::Booked);
        }
        let reason = reason_of(by, reason, self.teacher)?;
        let mut events = self.everybody_leaves();
        events.push(SlotEvent::SlotWithdrawn { reason });
        Ok(events)
    }

    /// One booking: its seat is free again.
    pub(super) fn cancel_booking(
        &self,
        booking_id: BookingId,
        by: Agent,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Decision<Slot> {
        let booking = self.bookings.iter().find(|booking| booking.booking_id == booking_id);
        let booking = booking.ok_or(SlotError::BookingNotFound)?;
        let party = match by {
            Agent::System => Party::System,
            Agent::Person(person) if person == booking.student => Party::Student,
            Agent::Person(person) if person == self.teacher => Party::Teacher,
            Agent::Person(_) => return Err(SlotError::BookingNotFound),
        };
        match booking.stage {
            BookingStage::Cancelled => return Ok(vec![]),
            BookingStage::MovedOut => return Err(SlotError::BookingNotFound),
            BookingStage::Booked | BookingStage::NoShow => {}
        }
        self.check_upcoming(now)?;
        let reason = reason_of(by, reason, booking.student)?;
        let mut events = vec![self.cancelled(booking, party, reason, now)];
        events.extend(self.proposal_ended_without(booking.student));
        Ok(events)
    }

    /// Everybody's booking, and the offer with them.
    pub(super) fn cancel_lesson(&self, by: Agent, reason: Option<&str>, now: Timestamp) -> Decision<Slot> {
        self.check_for_teacher(by)?;
        if self.stage == Stage::Cancelled {
            return Ok(vec![]);
        }
        self.check_upcoming(now)?;
        let party = if by == Agent::System { Party::System } else { Party::Teacher };
        let reason = reason_of(by, reason, self.teacher)?;
        let mut events = self.everybody_leaves();
        events.extend(self.proposal_ended());
        events.extend(self.seated().map(|booking| self.cancelled(booking, party, reason.clone(), now)));
        events.push(SlotEvent::LessonCancelled { by: party, reason });
        Ok(events)
    }

    /// Only a student's own cancellation can be late and cost something, by the policy of the booking.
    fn cancelled(
        &self,
        booking: &Booking,
        by: Party,
        reason: Option<Personal<String>>,
        now: Timestamp,
    ) -> SlotEvent {
        let late = by == Party::Student && booking.policy.is_late(self.period.starts_at, now);
        let free = Money { amount: 0, ..booking.price };
        let fee = if late { booking.policy.late_fee(booking.price) } else { free };
        let Booking { booking_id, student, .. } = *booking;
        SlotEvent::BookingCancelled { booking_id, student, by, reason, late, fee }
    }

    /// Ends the holds and the line.
    fn everybody_leaves(&self) -> Vec<SlotEvent> {
        let holds = self
            .holds
            .iter()
            .map(|hold| SlotEvent::HoldReleased { hold_id: hold.hold_id, cause: HoldEnd::Cancelled });
        let line = self
            .waitlist
            .iter()
            .map(|waiting| SlotEvent::WaitlistRemoved { entry_id: waiting.entry_id, cause: WaitEnd::Closed });
        holds.chain(line).collect()
    }

    /// The teacher, or the system in their place.
    fn check_for_teacher(&self, by: Agent) -> Result<(), SlotError> {
        match by {
            Agent::System => Ok(()),
            Agent::Person(person) => self.check_teacher(person),
        }
    }
}

/// A reason belongs to who gives it; the system's, to whom it concerns.
fn reason_of(
    by: Agent,
    reason: Option<&str>,
    concerned: AccountId,
) -> Result<Option<Personal<String>>, SlotError> {
    let author = match by {
        Agent::Person(person) => person,
        Agent::System => concerned,
    };
    written("reason", reason, REASON_LIMIT, author)
}
