//! Decides the waitlist: joining, leaving, and offering a seat.

use jiff::Timestamp;

use super::super::error::SlotError;
use super::super::events::{HoldEnd, SlotEvent, WaitEnd};
use super::super::slot::{Lesson, Slot, WaitlistedStudent};
use crate::decider::Decision;
use crate::ids::{AccountId, HoldId, WaitlistEntryId};

impl Lesson {
    /// Adds the student at the end of the waitlist; refused while a seat can be booked.
    pub(super) fn join_waitlist(
        &self,
        entry_id: WaitlistEntryId,
        student: AccountId,
        position: u32,
        now: Timestamp,
    ) -> Decision<Slot> {
        if self.waitlist.contains(&WaitlistedStudent { entry_id, student }) {
            return Ok(vec![]);
        }
        if student == self.teacher {
            return Err(SlotError::OwnSlot);
        }
        self.check_not_for_class()?;
        self.check_upcoming(now)?;
        if self.booking_of(student).is_some() {
            return Err(SlotError::AlreadyBooked);
        }
        if self.waitlist.iter().any(|waiting| waiting.student == student || waiting.entry_id == entry_id) {
            return Err(SlotError::AlreadyWaiting);
        }
        if self.live_hold_of(student, now).is_some() {
            return Err(SlotError::AlreadyHeld);
        }
        if self.seats(now).free() > 0 {
            return Err(SlotError::SeatFree);
        }
        if usize::try_from(position) != Ok(self.waitlist.len() + 1) {
            return Err(SlotError::LineMoved);
        }
        Ok(vec![SlotEvent::WaitlistEntered { entry_id, student }])
    }

    /// Removes an entry with its seat offer; no event if the entry has left already.
    pub(super) fn leave_waitlist(&self, entry_id: WaitlistEntryId, cause: WaitEnd) -> Decision<Slot> {
        if !self.waitlist.iter().any(|waiting| waiting.entry_id == entry_id) {
            return Ok(vec![]);
        }
        let offers = self.holds.iter().filter(|hold| hold.offered_to == Some(entry_id));
        let ended =
            offers.map(|hold| SlotEvent::HoldReleased { hold_id: hold.hold_id, cause: HoldEnd::Cancelled });
        Ok(ended.chain([SlotEvent::WaitlistRemoved { entry_id, cause }]).collect())
    }

    /// Holds a seat for the first entry without an offer.
    pub(super) fn offer(
        &self,
        entry_id: WaitlistEntryId,
        hold_id: HoldId,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Decision<Slot> {
        let offered_to = |entry| self.holds.iter().find(|hold| hold.offered_to == Some(entry));
        let Some(waiting) = self.waitlist.iter().find(|waiting| waiting.entry_id == entry_id) else {
            return Err(SlotError::WaitlistEntryNotFound);
        };
        if let Some(hold) = offered_to(entry_id) {
            return if hold.hold_id == hold_id { Ok(vec![]) } else { Err(SlotError::AlreadyHeld) };
        }
        self.check_hold_is_new(hold_id)?;
        self.check_upcoming(now)?;
        let next = self.waitlist.iter().find(|waiting| offered_to(waiting.entry_id).is_none());
        if next != Some(waiting) {
            return Err(SlotError::NotFirst);
        }
        let seats = self.seats(now);
        if seats.unoccupied() == 0 {
            let (capacity, booked, held, waiting) = (seats.capacity, seats.booked, seats.held, seats.waiting);
            return Err(SlotError::Taken { capacity, booked, held, waiting });
        }
        if expires_at <= now || expires_at > self.period.starts_at {
            return Err(SlotError::HoldExpired);
        }
        let mut events = self.expired_hold_events(now);
        let student = waiting.student;
        events.push(SlotEvent::SeatHeld { hold_id, student, expires_at, offered_to: Some(entry_id) });
        Ok(events)
    }

    /// Ends an offer that was declined or not answered: the hold ends, and the entry leaves the waitlist.
    pub(super) fn end_offer(&self, hold_id: HoldId, cause: HoldEnd, now: Timestamp) -> Decision<Slot> {
        let Some(hold) = self.holds.iter().find(|hold| hold.hold_id == hold_id) else {
            return Ok(vec![]);
        };
        let entry_id = hold.offered_to.ok_or(SlotError::HoldNotFound)?;
        let left = match cause {
            HoldEnd::Cancelled => WaitEnd::Declined,
            HoldEnd::Expired if hold.expires_at > now => return Err(SlotError::TooEarly),
            HoldEnd::Expired => WaitEnd::Expired,
        };
        Ok(vec![
            SlotEvent::HoldReleased { hold_id, cause },
            SlotEvent::WaitlistRemoved { entry_id, cause: left },
        ])
    }
}
