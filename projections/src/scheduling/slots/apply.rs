//! Applies one event to the rows of a slot, its bookings and its holds.

use std::collections::{HashMap, HashSet};

use domain::scheduling::{BookingStatus, NoShow, Party, Period, SlotEvent, SlotStatus};
use domain::{BookingId, Event, HoldId, Money, Personal, RecordedEvent, SlotId};

use super::initial_rows;
use super::queries::LessonRow;
use super::rows::{BookingRow, HoldRow, SlotRow, known_text};

/// Rows to which events are applied.
#[derive(Default)]
pub(super) struct SlotRows {
    pub(super) slots: HashMap<SlotId, SlotRow>,
    pub(super) bookings: HashMap<BookingId, BookingRow>,
    pub(super) holds: HashMap<HoldId, HoldRow>,
    pub(super) ended_holds: HashSet<HoldId>,
}

/// Builds a slot with its bookings, in the order of booking, from the events of its stream.
///
/// The result equals the rows of the read model. Returns `None` before the slot is opened.
pub fn build_lesson(id: SlotId, events: &[RecordedEvent]) -> Option<LessonRow> {
    let mut rows = SlotRows::default();
    for recorded in events {
        if let Event::Slot(event) = &recorded.event {
            rows.apply(id, event, recorded);
        }
    }
    let here = |booking: &BookingRow| booking.status != BookingStatus::MovedOut;
    let mut bookings: Vec<BookingRow> = rows.bookings.into_values().filter(here).collect();
    bookings.sort_by_key(|booking| (booking.booked_at, booking.booking_id));
    rows.slots.remove(&id).map(|slot| LessonRow { slot, bookings })
}

impl SlotRows {
    /// Applies one event. Events of a slot that was not opened have no effect.
    pub(super) fn apply(&mut self, id: SlotId, event: &SlotEvent, recorded: &RecordedEvent) {
        if let Some(slot) = initial_rows::initial_slot(id, event, recorded) {
            self.slots.insert(id, slot);
            return;
        }
        let Some(slot) = self.slots.get_mut(&id) else { return };
        slot.version = recorded.sequence;
        match event {
            SlotEvent::SlotOpened { .. } => {}
            SlotEvent::SlotChanged { changes, .. } => {
                slot.apply_changes(changes);
                if let Some(to) = changes.period {
                    self.move_bookings(id, to);
                }
            }
            SlotEvent::SlotWithdrawn { .. } => slot.status = SlotStatus::Withdrawn,
            SlotEvent::SeatHeld { hold_id, student, expires_at, offered_to } => {
                slot.seats_held += 1;
                slot.waiting -= i16::from(offered_to.is_some());
                let hold = HoldRow {
                    hold_id: *hold_id,
                    slot_id: id,
                    student: *student,
                    expires_at: *expires_at,
                    offered_to: *offered_to,
                };
                self.holds.insert(hold.hold_id, hold);
            }
            SlotEvent::HoldReleased { hold_id, .. } => self.end_hold(id, *hold_id),
            SlotEvent::SeatBooked { booking_id, hold_id, .. } => {
                if let Some(booking) = initial_rows::initial_booking(slot, event, recorded) {
                    slot.seats_taken += 1;
                    slot.calendar_sequence += 1;
                    self.bookings.insert(*booking_id, booking);
                }
                if let Some(hold_id) = hold_id {
                    self.end_hold(id, *hold_id);
                }
            }
            SlotEvent::BookingMovedIn { booking_id, .. } => {
                if let Some(new) = initial_rows::initial_booking(slot, event, recorded) {
                    slot.seats_taken += 1;
                    slot.calendar_sequence += 1;
                    let booked_at = self.bookings.get(booking_id).map_or(new.booked_at, |old| old.booked_at);
                    self.bookings.insert(*booking_id, BookingRow { booked_at, ..new });
                }
            }
            SlotEvent::BookingMovedOut { booking_id, .. } => {
                slot.seats_taken -= 1;
                slot.calendar_sequence += 1;
                if let Some(booking) = self.bookings.get_mut(booking_id).filter(|row| row.slot_id == id) {
                    booking.status = BookingStatus::MovedOut;
                }
            }
            SlotEvent::BookingCancelled { booking_id, by, reason, late, fee, .. } => {
                slot.seats_taken -= 1;
                slot.calendar_sequence += 1;
                if let Some(booking) = self.bookings.get_mut(booking_id) {
                    booking.cancel(*by, reason.as_ref(), *late, *fee, recorded);
                }
            }
            SlotEvent::LessonCancelled { .. } => {
                slot.status = SlotStatus::Cancelled;
                slot.calendar_sequence += 1;
                slot.clear_proposal();
            }
            SlotEvent::RescheduleProposed { proposal_id, by, starts_at, ends_at, expires_at, .. } => {
                slot.proposal_id = Some(*proposal_id);
                slot.proposal_by = Some(*by);
                slot.proposal_starts_at = Some(*starts_at);
                slot.proposal_ends_at = Some(*ends_at);
                slot.proposal_expires_at = Some(*expires_at);
            }
            SlotEvent::RescheduleDeclined { .. } | SlotEvent::RescheduleExpired { .. } => {
                slot.clear_proposal();
            }
            SlotEvent::LessonMoved { to, .. } => {
                slot.clear_proposal();
                slot.move_to(*to);
                self.move_bookings(id, *to);
            }
            SlotEvent::LessonStarted { .. } => {
                slot.status = SlotStatus::Started;
                slot.started_at = Some(recorded.recorded_at);
            }
            SlotEvent::LessonCompleted { .. } => {
                slot.status = SlotStatus::Completed;
                slot.completed_at = Some(recorded.recorded_at);
            }
            SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => slot.teacher_absent = true,
            SlotEvent::NoShowRecorded { who: NoShow::Booking { booking_id, .. } } => {
                if let Some(booking) = self.bookings.get_mut(booking_id) {
                    booking.status = BookingStatus::NoShow;
                }
            }
            SlotEvent::LessonReported { text } => slot.report = text.known().cloned(),
            SlotEvent::LessonReviewed { booking_id, rating, text, .. } => {
                if let Some(booking) = self.bookings.get_mut(booking_id) {
                    booking.rating = Some(i16::from(*rating));
                    booking.review = known_text(text.as_ref());
                    booking.reviewed_at = Some(recorded.recorded_at);
                }
            }
            SlotEvent::WaitlistEntered { .. } => slot.waiting += 1,
            SlotEvent::WaitlistRemoved { .. } => slot.waiting -= 1,
            // The lesson moves only after all have accepted; a reminder changes no row.
            SlotEvent::RescheduleAccepted { .. } | SlotEvent::ReminderSent { .. } => {}
        }
    }

    fn move_bookings(&mut self, id: SlotId, to: Period) {
        for booking in self.bookings.values_mut().filter(|booking| booking.slot_id == id) {
            (booking.starts_at, booking.ends_at) = (to.starts_at, to.ends_at);
        }
    }

    /// Removes a hold.
    ///
    /// A student whose offer ends counts as waiting again until the next event removes the entry.
    fn end_hold(&mut self, id: SlotId, hold_id: HoldId) {
        let offered = self.holds.remove(&hold_id).is_some_and(|hold| hold.offered_to.is_some());
        if let Some(slot) = self.slots.get_mut(&id) {
            slot.seats_held -= 1;
            slot.waiting += i16::from(offered);
        }
        self.ended_holds.insert(hold_id);
    }
}

impl BookingRow {
    fn cancel(
        &mut self,
        by: Party,
        reason: Option<&Personal<String>>,
        late: bool,
        fee: Money,
        recorded: &RecordedEvent,
    ) {
        self.status = BookingStatus::Cancelled;
        self.cancelled_by = Some(by);
        self.cancel_reason = known_text(reason);
        self.cancel_reason_by = reason.map(Personal::subject);
        self.late = Some(late);
        self.fee = Some(fee.amount);
        self.cancelled_at = Some(recorded.recorded_at);
    }
}
