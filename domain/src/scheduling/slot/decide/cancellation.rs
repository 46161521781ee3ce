//! Decides the withdrawal of a slot, and the cancellation of a booking or a lesson.

use jiff::Timestamp;

use super::super::error::SlotError;
use super::super::events::{HoldEnd, SlotEvent, WaitEnd};
use super::super::slot::{Booking, BookingStatus, Lesson, Slot, SlotStatus};
use super::super::validate::written;
use crate::decider::Decision;
use crate::ids::{AccountId, BookingId};
use crate::money::Money;
use crate::personal::Personal;
use crate::scheduling::limits::REASON_LIMIT;
use crate::scheduling::terms::{Initiator, Party};

impl Lesson {
    /// Withdraws a slot without bookings; its holds and waitlist entries end.
    pub(super) fn withdraw(&self, by: Initiator, reason: Option<&str>, now: Timestamp) -> Decision<Slot> {
        self.check_for_teacher(by)?;
        if self.status == SlotStatus::Withdrawn {
            return Ok(vec![]);
        }
        self.check_upcoming(now)?;
        if self.seats_taken() > 0 {
            return Err(SlotError::Booked);
        }
        let reason = reason_of(by, reason, self.teacher)?;
        let mut events = self.cancel_all_bookings();
        events.push(SlotEvent::SlotWithdrawn { reason });
        Ok(events)
    }

    /// Cancels one booking; its seat becomes free.
    pub(super) fn cancel_booking(
        &self,
        booking_id: BookingId,
        by: Initiator,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Decision<Slot> {
        let booking = self.bookings.iter().find(|booking| booking.booking_id == booking_id);
        let booking = booking.ok_or(SlotError::BookingNotFound)?;
        let party = match by {
            Initiator::System => Party::System,
            Initiator::Person(person) if person == booking.student => Party::Student,
            Initiator::Person(person) if person == self.teacher => Party::Teacher,
            Initiator::Person(_) => return Err(SlotError::BookingNotFound),
        };
        match booking.status {
            BookingStatus::Cancelled => return Ok(vec![]),
            BookingStatus::MovedOut => return Err(SlotError::BookingNotFound),
            BookingStatus::Booked | BookingStatus::NoShow => {}
        }
        self.check_upcoming(now)?;
        let reason = reason_of(by, reason, booking.student)?;
        let mut events = vec![self.cancelled(booking, party, reason, now)];
        events.extend(self.proposal_ended_without(booking.student));
        Ok(events)
    }

    /// Cancels all bookings and the lesson.
    pub(super) fn cancel_lesson(
        &self,
        by: Initiator,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Decision<Slot> {
        self.check_for_teacher(by)?;
        if self.status == SlotStatus::Cancelled {
            return Ok(vec![]);
        }
        self.check_upcoming(now)?;
        let party = if by == Initiator::System { Party::System } else { Party::Teacher };
        let reason = reason_of(by, reason, self.teacher)?;
        let mut events = self.cancel_all_bookings();
        events.extend(self.proposal_ended());
        events.extend(self.seated().map(|booking| self.cancelled(booking, party, reason.clone(), now)));
        events.push(SlotEvent::LessonCancelled { by: party, reason });
        Ok(events)
    }

    /// Computes the fee: only a student's own late cancellation costs, by the policy of the booking.
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

    /// Ends the holds and the waitlist.
    fn cancel_all_bookings(&self) -> Vec<SlotEvent> {
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

    /// Checks that the initiator is the teacher or the system.
    fn check_for_teacher(&self, by: Initiator) -> Result<(), SlotError> {
        match by {
            Initiator::System => Ok(()),
            Initiator::Person(person) => self.check_teacher(person),
        }
    }
}

/// Owner of a reason: its author; for the system, the person concerned.
fn reason_of(
    by: Initiator,
    reason: Option<&str>,
    concerned: AccountId,
) -> Result<Option<Personal<String>>, SlotError> {
    let author = match by {
        Initiator::Person(person) => person,
        Initiator::System => concerned,
    };
    written("reason", reason, REASON_LIMIT, author)
}
