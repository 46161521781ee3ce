//! Initial rows of a slot and a booking, and the changes of a slot.

use domain::scheduling::{BookingStatus, SlotChanges, SlotEvent, SlotStatus};
use domain::{RecordedEvent, SlotId};

use super::rows::{BookingRow, SlotRow, known_text};

/// Returns the row of a slot that this event opens.
pub(super) fn initial_slot(slot_id: SlotId, event: &SlotEvent, recorded: &RecordedEvent) -> Option<SlotRow> {
    let SlotEvent::SlotOpened {
        teacher,
        starts_at,
        ends_at,
        zone,
        terms,
        series_id,
        class_id,
        request_id,
        ..
    } = event
    else {
        return None;
    };
    Some(SlotRow {
        slot_id,
        teacher: *teacher,
        starts_at: *starts_at,
        ends_at: *ends_at,
        zone: zone.as_str().to_owned(),
        subject: terms.subject.clone(),
        lesson_type: terms.lesson_type,
        format: terms.format,
        price: terms.price.amount,
        currency: terms.price.currency,
        capacity: terms.capacity.cast_signed(),
        min_participants: terms.min_participants.map(u16::cast_signed),
        goals: terms.goals.clone(),
        grades: terms.grades.clone(),
        place: known_text(terms.place.as_ref()),
        series_id: *series_id,
        class_id: *class_id,
        request_id: *request_id,
        status: SlotStatus::Offered,
        seats_taken: 0,
        seats_held: 0,
        waiting: 0,
        proposal_id: None,
        proposal_by: None,
        proposal_starts_at: None,
        proposal_ends_at: None,
        proposal_expires_at: None,
        report: None,
        teacher_absent: false,
        opened_at: recorded.recorded_at,
        started_at: None,
        completed_at: None,
        calendar_sequence: 0,
        version: recorded.sequence,
    })
}

/// Returns the row of a booking that this event creates in the slot or moves into it.
pub(super) fn initial_booking(
    slot: &SlotRow,
    event: &SlotEvent,
    recorded: &RecordedEvent,
) -> Option<BookingRow> {
    let (SlotEvent::SeatBooked { booking_id, student, note, price, booked_by, starts_at, ends_at, .. }
    | SlotEvent::BookingMovedIn {
        booking_id, student, note, price, booked_by, starts_at, ends_at, ..
    }) = event
    else {
        return None;
    };
    Some(BookingRow {
        booking_id: *booking_id,
        slot_id: slot.slot_id,
        student: *student,
        teacher: slot.teacher,
        note: known_text(note.as_ref()),
        price: price.amount,
        currency: price.currency,
        booked_by: *booked_by,
        status: BookingStatus::Booked,
        cancelled_by: None,
        cancel_reason: None,
        cancel_reason_by: None,
        late: None,
        fee: None,
        booked_at: recorded.recorded_at,
        cancelled_at: None,
        starts_at: *starts_at,
        ends_at: *ends_at,
        rating: None,
        review: None,
        reviewed_at: None,
    })
}

impl SlotRow {
    pub(super) fn apply_changes(&mut self, new: &SlotChanges) {
        if let Some(period) = new.period {
            self.move_to(period);
        }
        if let Some(subject) = &new.subject {
            self.subject.clone_from(subject);
        }
        if let Some(goals) = &new.goals {
            self.goals.clone_from(goals);
        }
        if let Some(grades) = &new.grades {
            self.grades.clone_from(grades);
        }
        if let Some(price) = new.price {
            (self.price, self.currency) = (price.amount, price.currency);
        }
        if let Some(capacity) = new.capacity {
            self.capacity = capacity.cast_signed();
        }
        if let Some(least) = new.min_participants {
            self.min_participants = Some(least.cast_signed());
        }
        if new.place.is_some() {
            self.place = known_text(new.place.as_ref());
        }
        self.lesson_type = new.lesson_type.unwrap_or(self.lesson_type);
        self.format = new.format.unwrap_or(self.format);
    }
}
