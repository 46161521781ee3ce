//! Who is told what of the events of a slot.

use std::collections::BTreeMap;

use domain::scheduling::{NoShow, SlotEvent};
use domain::{AccountId, BookingId, SlotId};
use serde_json::{Value, json};

use super::casts::{Cast, Casts, LessonCast};
use super::told::Told;
use crate::casts::Key;

/// What one event is told to whom; the cast follows it.
pub(super) fn tell(casts: &mut Casts, key: &Key, event: &SlotEvent) -> Told {
    if let SlotEvent::SlotOpened { teacher, .. } = event {
        let (seated, holds, line) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        casts.begin(key.clone(), Cast::Lesson(LessonCast { teacher: *teacher, seated, holds, line }));
    }
    let Some(Cast::Lesson(lesson)) = casts.change(key) else { return Told::nobody() };
    of_lesson(lesson, SlotId(key.1), event)
}

/// A student is told of their own seat, of what happens to the whole lesson, and never of another student.
fn of_lesson(lesson: &mut LessonCast, slot_id: SlotId, event: &SlotEvent) -> Told {
    let slot = json!({ "slot_id": slot_id });
    let seat = |booking_id: &BookingId| json!({ "slot_id": slot_id, "booking_id": booking_id });
    match event {
        SlotEvent::SlotOpened { teacher, .. } => Told::only(*teacher, slot),
        SlotEvent::SlotChanged { .. } | SlotEvent::SlotWithdrawn { .. } => lesson.whoever_looks(&slot),
        SlotEvent::SeatHeld { hold_id, student, .. } => {
            lesson.holds.insert(*hold_id, *student);
            lesson.both(*student, &json!({ "slot_id": slot_id, "hold_id": hold_id }))
        }
        SlotEvent::HoldReleased { hold_id, .. } => match lesson.holds.remove(hold_id) {
            Some(student) => lesson.both(student, &json!({ "slot_id": slot_id, "hold_id": hold_id })),
            None => Told::nobody(),
        },
        SlotEvent::SeatBooked { booking_id, student, hold_id, .. } => {
            if let Some(hold_id) = hold_id {
                lesson.holds.remove(hold_id);
            }
            lesson.seated.insert(*booking_id, *student);
            lesson.both(*student, &seat(booking_id))
        }
        SlotEvent::BookingMovedIn { booking_id, student, .. } => {
            lesson.seated.insert(*booking_id, *student);
            lesson.both(*student, &seat(booking_id))
        }
        SlotEvent::BookingCancelled { booking_id, student, .. }
        | SlotEvent::BookingMovedOut { booking_id, student, .. } => {
            lesson.seated.remove(booking_id);
            lesson.both(*student, &seat(booking_id))
        }
        SlotEvent::LessonCancelled { .. } => lesson.whoever_looks(&slot),
        SlotEvent::RescheduleProposed { proposal_id, .. }
        | SlotEvent::RescheduleAccepted { proposal_id, .. }
        | SlotEvent::RescheduleDeclined { proposal_id, .. }
        | SlotEvent::RescheduleExpired { proposal_id } => {
            lesson.everybody(&json!({ "slot_id": slot_id, "proposal_id": proposal_id }))
        }
        SlotEvent::LessonMoved { .. } => lesson.whoever_looks(&slot),
        SlotEvent::LessonStarted { .. }
        | SlotEvent::LessonCompleted { .. }
        | SlotEvent::LessonReported { .. } => lesson.everybody(&slot),
        SlotEvent::NoShowRecorded { who: NoShow::Booking { booking_id, student } } => {
            lesson.both(*student, &seat(booking_id))
        }
        SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => lesson.everybody(&slot),
        SlotEvent::LessonReviewed { booking_id, student, .. } => lesson.both(*student, &seat(booking_id)),
        SlotEvent::ReminderSent { person, lead, .. } => {
            Told::only(*person, json!({ "slot_id": slot_id, "lead": lead }))
        }
        SlotEvent::WaitlistEntered { entry_id, student } => {
            lesson.line.insert(*entry_id, *student);
            lesson.both(*student, &json!({ "slot_id": slot_id, "entry_id": entry_id }))
        }
        SlotEvent::WaitlistRemoved { entry_id, .. } => match lesson.line.remove(entry_id) {
            Some(student) => lesson.both(student, &json!({ "slot_id": slot_id, "entry_id": entry_id })),
            None => Told::nobody(),
        },
    }
}

impl LessonCast {
    fn both(&self, student: AccountId, data: &Value) -> Told {
        Told::all([self.teacher, student], data)
    }

    /// The teacher and all who have a seat.
    fn everybody(&self, data: &Value) -> Told {
        Told::all(self.seated.values().copied().chain([self.teacher]), data)
    }

    /// And those who keep a seat or wait for one.
    fn whoever_looks(&self, data: &Value) -> Told {
        let others = self.holds.values().chain(self.line.values());
        Told::all(self.seated.values().chain(others).copied().chain([self.teacher]), data)
    }
}
