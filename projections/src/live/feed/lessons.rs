//! Recipients of slot events, and their data.

use std::collections::BTreeMap;

use domain::scheduling::{NoShow, SlotEvent};
use domain::{AccountId, BookingId, SlotId};
use serde_json::{Value, json};

use super::audiences::{FeedAudience, FeedAudiences, FeedLessonAudience};
use super::recipients::FeedRecipients;
use crate::audience_cache::StreamKey;

/// Returns the recipients of one event with their data, and applies the event to the audience.
pub(super) fn recipients_of(
    audiences: &mut FeedAudiences,
    key: &StreamKey,
    event: &SlotEvent,
) -> FeedRecipients {
    if let SlotEvent::SlotOpened { teacher, .. } = event {
        let (seated, holds, waitlist) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        audiences.insert_new(
            key.clone(),
            FeedAudience::Lesson(FeedLessonAudience { teacher: *teacher, seated, holds, waitlist }),
        );
    }
    let Some(FeedAudience::Lesson(lesson)) = audiences.get_mut(key) else { return FeedRecipients::none() };
    recipients_of_lesson_event(lesson, SlotId(key.1), event)
}

/// Returns the recipients of an event of a lesson.
///
/// A student gets events of their own seat and of the whole lesson, and none of another student.
fn recipients_of_lesson_event(
    lesson: &mut FeedLessonAudience,
    slot_id: SlotId,
    event: &SlotEvent,
) -> FeedRecipients {
    let slot = json!({ "slot_id": slot_id });
    let seat = |booking_id: &BookingId| json!({ "slot_id": slot_id, "booking_id": booking_id });
    match event {
        SlotEvent::SlotOpened { teacher, .. } => FeedRecipients::only(*teacher, slot),
        SlotEvent::SlotChanged { .. } | SlotEvent::SlotWithdrawn { .. } => lesson.everyone_involved(&slot),
        SlotEvent::SeatHeld { hold_id, student, .. } => {
            lesson.holds.insert(*hold_id, *student);
            lesson.student_and_teacher(*student, &json!({ "slot_id": slot_id, "hold_id": hold_id }))
        }
        SlotEvent::HoldReleased { hold_id, .. } => match lesson.holds.remove(hold_id) {
            Some(student) => {
                lesson.student_and_teacher(student, &json!({ "slot_id": slot_id, "hold_id": hold_id }))
            }
            None => FeedRecipients::none(),
        },
        SlotEvent::SeatBooked { booking_id, student, hold_id, .. } => {
            if let Some(hold_id) = hold_id {
                lesson.holds.remove(hold_id);
            }
            lesson.seated.insert(*booking_id, *student);
            lesson.student_and_teacher(*student, &seat(booking_id))
        }
        SlotEvent::BookingMovedIn { booking_id, student, .. } => {
            lesson.seated.insert(*booking_id, *student);
            lesson.student_and_teacher(*student, &seat(booking_id))
        }
        SlotEvent::BookingCancelled { booking_id, student, .. }
        | SlotEvent::BookingMovedOut { booking_id, student, .. } => {
            lesson.seated.remove(booking_id);
            lesson.student_and_teacher(*student, &seat(booking_id))
        }
        SlotEvent::LessonCancelled { .. } => lesson.everyone_involved(&slot),
        SlotEvent::RescheduleProposed { proposal_id, .. }
        | SlotEvent::RescheduleAccepted { proposal_id, .. }
        | SlotEvent::RescheduleDeclined { proposal_id, .. }
        | SlotEvent::RescheduleExpired { proposal_id } => {
            lesson.participants(&json!({ "slot_id": slot_id, "proposal_id": proposal_id }))
        }
        SlotEvent::LessonMoved { .. } => lesson.everyone_involved(&slot),
        SlotEvent::LessonStarted { .. }
        | SlotEvent::LessonCompleted { .. }
        | SlotEvent::LessonReported { .. } => lesson.participants(&slot),
        SlotEvent::NoShowRecorded { who: NoShow::Booking { booking_id, student } } => {
            lesson.student_and_teacher(*student, &seat(booking_id))
        }
        SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => lesson.participants(&slot),
        SlotEvent::LessonReviewed { booking_id, student, .. } => {
            lesson.student_and_teacher(*student, &seat(booking_id))
        }
        SlotEvent::ReminderSent { person, lead, .. } => {
            FeedRecipients::only(*person, json!({ "slot_id": slot_id, "lead": lead }))
        }
        SlotEvent::WaitlistEntered { entry_id, student } => {
            lesson.waitlist.insert(*entry_id, *student);
            lesson.student_and_teacher(*student, &json!({ "slot_id": slot_id, "entry_id": entry_id }))
        }
        SlotEvent::WaitlistRemoved { entry_id, .. } => match lesson.waitlist.remove(entry_id) {
            Some(student) => {
                lesson.student_and_teacher(student, &json!({ "slot_id": slot_id, "entry_id": entry_id }))
            }
            None => FeedRecipients::none(),
        },
    }
}

impl FeedLessonAudience {
    fn student_and_teacher(&self, student: AccountId, data: &Value) -> FeedRecipients {
        FeedRecipients::all([self.teacher, student], data)
    }

    /// Returns the teacher and the booked students.
    fn participants(&self, data: &Value) -> FeedRecipients {
        FeedRecipients::all(self.seated.values().copied().chain([self.teacher]), data)
    }

    /// Returns the teacher, the booked students, the students with a hold, and the waitlist.
    fn everyone_involved(&self, data: &Value) -> FeedRecipients {
        let others = self.holds.values().chain(self.waitlist.values());
        FeedRecipients::all(self.seated.values().chain(others).copied().chain([self.teacher]), data)
    }
}
