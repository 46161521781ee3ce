//! Decides holds, bookings, and the move of a booking to another slot.

use jiff::Timestamp;

use super::super::commands::{MovedBooking, NewBooking};
use super::super::error::SlotError;
use super::super::events::{BookedBy, HoldEnd, SlotEvent, WaitEnd};
use super::super::slot::{Booking, BookingStatus, Hold, Lesson, Seats, Slot};
use super::super::validate::written;
use crate::decider::Decision;
use crate::ids::{AccountId, BookingId, HoldId, SlotId};
use crate::scheduling::limits::{HOLD, NOTE_LIMIT};
use crate::scheduling::policy::{CANCELLATION_POLICY, CancellationPolicy};

impl Lesson {
    pub(super) fn hold(&self, hold_id: HoldId, student: AccountId, now: Timestamp) -> Decision<Slot> {
        self.check_student(student)?;
        self.check_not_for_class()?;
        self.check_upcoming(now)?;
        if self.booking_of(student).is_some() {
            return Err(SlotError::AlreadyBooked);
        }
        match self.live_hold_of(student, now) {
            Some(hold) if hold.hold_id == hold_id => return Ok(vec![]),
            Some(_) => return Err(SlotError::AlreadyHeld),
            None => self.check_hold_is_new(hold_id)?,
        }
        self.check_seat_free(now)?;
        if self.is_waitlisted(student, now) {
            return Err(SlotError::AlreadyWaiting);
        }
        let expires_at = (now + HOLD).min(self.period.starts_at);
        let mut events = self.expired_hold_events(now);
        events.push(SlotEvent::SeatHeld { hold_id, student, expires_at, offered_to: None });
        Ok(events)
    }

    pub(super) fn release_hold(&self, hold_id: HoldId, by: AccountId) -> Decision<Slot> {
        let own = |hold: &&Hold| hold.hold_id == hold_id && hold.student == by && hold.offered_to.is_none();
        self.holds.iter().find(own).ok_or(SlotError::HoldNotFound)?;
        Ok(vec![SlotEvent::HoldReleased { hold_id, cause: HoldEnd::Cancelled }])
    }

    /// Releases a student's hold. [`Lesson::end_offer`] ends a seat offer.
    pub(super) fn expire_hold(&self, hold_id: HoldId, now: Timestamp) -> Decision<Slot> {
        match self.holds.iter().find(|hold| hold.hold_id == hold_id) {
            None => Ok(vec![]),
            Some(hold) if hold.offered_to.is_some() => Err(SlotError::HoldNotFound),
            Some(hold) if hold.expires_at > now => Err(SlotError::TooEarly),
            Some(_) => Ok(vec![SlotEvent::HoldReleased { hold_id, cause: HoldEnd::Expired }]),
        }
    }

    pub(super) fn book(&self, new: &NewBooking, now: Timestamp) -> Decision<Slot> {
        if new.booker.teacher().is_some_and(|teacher| teacher != self.teacher) {
            return Err(SlotError::NotFound);
        }
        let (student, booked_by) = (new.booker.student(), new.booker.booked_by());
        if self.is_same_booking(new.booking_id, student)? {
            return Ok(vec![]);
        }
        self.check_student(student)?;
        if (booked_by == BookedBy::Class) != self.class_id.is_some() {
            return Err(SlotError::Closed { state: "for_class" });
        }
        self.check_upcoming(now)?;
        let hold = self.claim_seat(student, booked_by, new.hold_id, now)?;
        let note = written("note", new.note.as_deref(), NOTE_LIMIT, student)?;
        let mut events = self.expired_hold_events(now);
        events.push(SlotEvent::SeatBooked {
            booking_id: new.booking_id,
            student,
            note,
            price: self.terms.price,
            booked_by,
            hold_id: hold.map(|hold| hold.hold_id),
            starts_at: self.period.starts_at,
            ends_at: self.period.ends_at,
            policy: CANCELLATION_POLICY,
        });
        let offered_to = hold.and_then(|hold| hold.offered_to);
        events.extend(
            offered_to.map(|entry_id| SlotEvent::WaitlistRemoved { entry_id, cause: WaitEnd::Booked }),
        );
        Ok(events)
    }

    /// Moves a booking out to another slot of the teacher; its seat becomes free.
    pub(super) fn move_out(
        &self,
        booking_id: BookingId,
        by: AccountId,
        to_slot: SlotId,
        now: Timestamp,
    ) -> Decision<Slot> {
        let own = |booking: &&Booking| booking.booking_id == booking_id && booking.student == by;
        let booking = self.seated().find(own).ok_or(SlotError::BookingNotFound)?;
        self.check_upcoming(now)?;
        if booking.policy.is_late(self.period.starts_at, now) {
            return Err(SlotError::LateMove { window_hours: booking.policy.window_hours });
        }
        let student = booking.student;
        let mut events = vec![SlotEvent::BookingMovedOut { booking_id, student, to_slot }];
        events.extend(self.proposal_ended_without(student));
        Ok(events)
    }

    /// Moves a booking in. It keeps id, note and policy, and takes the price of this slot.
    pub(super) fn move_in(
        &self,
        from_slot: SlotId,
        teacher: AccountId,
        new: &MovedBooking,
        policy: CancellationPolicy,
        now: Timestamp,
    ) -> Decision<Slot> {
        if teacher != self.teacher {
            return Err(SlotError::AnotherTeacher);
        }
        self.check_student(new.student)?;
        if self.seated().any(|booking| booking.booking_id == new.booking_id) {
            return Err(SlotError::AlreadyBooked);
        }
        self.check_not_for_class()?;
        self.check_upcoming(now)?;
        let hold = self.claim_seat(new.student, BookedBy::Student, None, now)?;
        let note = written("note", new.note.as_deref(), NOTE_LIMIT, new.student)?;
        let mut events = self.expired_hold_events(now);
        events.extend(
            hold.map(|hold| SlotEvent::HoldReleased { hold_id: hold.hold_id, cause: HoldEnd::Cancelled }),
        );
        events.push(SlotEvent::BookingMovedIn {
            booking_id: new.booking_id,
            student: new.student,
            from_slot,
            note,
            price: self.terms.price,
            booked_by: new.booked_by,
            starts_at: self.period.starts_at,
            ends_at: self.period.ends_at,
            policy,
        });
        Ok(events)
    }

    /// Returns events that release expired holds. Each booking starts with them, so that seats
    /// held and booked never exceed the capacity.
    pub(super) fn expired_hold_events(&self, now: Timestamp) -> Vec<SlotEvent> {
        let mut events = Vec::new();
        for hold in self.holds.iter().filter(|hold| hold.expires_at <= now) {
            events.push(SlotEvent::HoldReleased { hold_id: hold.hold_id, cause: HoldEnd::Expired });
            events.extend(
                hold.offered_to
                    .map(|entry_id| SlotEvent::WaitlistRemoved { entry_id, cause: WaitEnd::Expired }),
            );
        }
        events
    }

    /// Ends the holds of students; seat offers stay.
    pub(super) fn end_own_holds(&self, now: Timestamp) -> Vec<SlotEvent> {
        self.holds
            .iter()
            .filter(|hold| hold.expires_at > now && hold.offered_to.is_none())
            .map(|hold| SlotEvent::HoldReleased { hold_id: hold.hold_id, cause: HoldEnd::Cancelled })
            .collect()
    }

    /// Returns whether a seat is free for a student who is not waitlisted.
    pub(super) fn check_seat_free(&self, now: Timestamp) -> Result<(), SlotError> {
        let seats = self.seats(now);
        if seats.free() > 0 {
            return Ok(());
        }
        let Seats { capacity, booked, held, waiting } = seats;
        Err(SlotError::Taken { capacity, booked, held, waiting })
    }

    /// Returns whether the student is waitlisted; an expired offer ends that.
    pub(super) fn is_waitlisted(&self, student: AccountId, now: Timestamp) -> bool {
        let has_lapsed =
            |entry| self.holds.iter().any(|hold| hold.offered_to == Some(entry) && hold.expires_at <= now);
        self.waitlist.iter().any(|waiting| waiting.student == student && !has_lapsed(waiting.entry_id))
    }

    pub(super) fn live_hold_of(&self, student: AccountId, now: Timestamp) -> Option<&Hold> {
        self.holds.iter().find(|hold| hold.student == student && hold.expires_at > now)
    }

    /// Finds a hold by its id.
    pub(super) fn check_hold_is_new(&self, hold_id: HoldId) -> Result<(), SlotError> {
        let is_known = self.holds.iter().any(|hold| hold.hold_id == hold_id);
        if is_known { Err(SlotError::AlreadyHeld) } else { Ok(()) }
    }

    /// Returns the student's hold that becomes the booking; `None` if a free seat does. A seat that is
    /// offered to the waitlist is booked by accepting the offer.
    fn claim_seat(
        &self,
        student: AccountId,
        booked_by: BookedBy,
        hold_id: Option<HoldId>,
        now: Timestamp,
    ) -> Result<Option<&Hold>, SlotError> {
        if self.booking_of(student).is_some() {
            return Err(SlotError::AlreadyBooked);
        }
        let hold = match hold_id {
            Some(hold_id) => {
                let hold = self.holds.iter().find(|hold| hold.hold_id == hold_id);
                let hold = hold.filter(|hold| hold.expires_at > now).ok_or(SlotError::HoldExpired)?;
                if hold.student != student {
                    return Err(SlotError::HoldNotFound);
                }
                Some(hold)
            }
            None => self.live_hold_of(student, now),
        };
        let by_offer = hold.is_some_and(|hold| hold.offered_to.is_some());
        match (booked_by == BookedBy::Waitlist, by_offer) {
            (true, true) => return Ok(hold),
            (true, false) => return Err(SlotError::HoldExpired),
            (false, true) => return Err(SlotError::AlreadyWaiting),
            (false, false) => {}
        }
        if hold.is_none() {
            self.check_seat_free(now)?;
            if self.is_waitlisted(student, now) {
                return Err(SlotError::AlreadyWaiting);
            }
        }
        Ok(hold)
    }

    /// Returns whether the same booking exists already; its id is never reused.
    fn is_same_booking(&self, booking_id: BookingId, student: AccountId) -> Result<bool, SlotError> {
        match self.bookings.iter().find(|booking| booking.booking_id == booking_id) {
            None => Ok(false),
            Some(known) if known.student == student && known.status == BookingStatus::Booked => Ok(true),
            Some(_) => Err(SlotError::AlreadyBooked),
        }
    }

    fn check_student(&self, student: AccountId) -> Result<(), SlotError> {
        if student == self.teacher { Err(SlotError::OwnSlot) } else { Ok(()) }
    }

    /// Only members of the class get seats of its lesson.
    pub(super) fn check_not_for_class(&self) -> Result<(), SlotError> {
        match self.class_id {
            Some(_) => Err(SlotError::Closed { state: "for_class" }),
            None => Ok(()),
        }
    }
}
