//! Timeline entries of slot events, for the teacher and the students.

use domain::scheduling::{Involvement, NoShow, SlotChanges, SlotEvent};
use domain::{Personal, SlotId};
use serde_json::{Value, json};

use super::audiences::{NewTimelineEntry, Side, TimelineLesson};
use super::params::{AUTHOR, REASON};
use crate::scheduling::Involved;

/// Returns the entries of one event and updates the lesson. An entry says when the lesson was before a move.
pub(super) fn entries_for(
    lesson: &mut TimelineLesson,
    slot_id: SlotId,
    event: &SlotEvent,
) -> Vec<NewTimelineEntry> {
    let Some(involved) = lesson.people.apply(event) else { return Vec::new() };
    if let SlotEvent::SlotChanged { changes, .. } = event {
        lesson.apply_changes(changes);
    }
    let mut params = event_params(lesson, event);
    if let Involvement::Hold(_) = involved.about {
        params["offered"] = json!(involved.is_offer);
    }
    let entries = entries_for_involved(lesson, slot_id, &involved, &params);
    if let SlotEvent::LessonMoved { to, .. } = event {
        lesson.starts_at = to.starts_at;
    }
    entries
}

/// Returns the parameters of the sentence about an event.
fn event_params(lesson: &TimelineLesson, event: &SlotEvent) -> Value {
    match event {
        SlotEvent::SlotChanged { changes, .. } => json!({ "fields": changed_fields(changes) }),
        SlotEvent::SlotWithdrawn { reason } => reason_params(reason.as_ref()),
        SlotEvent::HoldReleased { cause, .. } => json!({ "cause": cause }),
        SlotEvent::SeatBooked { price, booked_by, .. } => json!({ "booked_by": booked_by, "price": price }),
        SlotEvent::BookingCancelled { by, reason, late, fee, .. } => {
            let mut params = reason_params(reason.as_ref());
            params["by"] = json!(by);
            params["late"] = json!(late);
            params["fee"] = json!(fee);
            params
        }
        SlotEvent::LessonCancelled { by, reason } => {
            let mut params = reason_params(reason.as_ref());
            params["by"] = json!(by);
            params
        }
        SlotEvent::RescheduleProposed { by, starts_at, .. } => json!({ "by": by, "to": starts_at }),
        SlotEvent::RescheduleAccepted { by, .. } | SlotEvent::RescheduleDeclined { by, .. } => {
            let side = if *by == lesson.people.teacher { Side::Teacher } else { Side::Student };
            json!({ "by": side })
        }
        SlotEvent::LessonMoved { to, .. } => json!({ "to": to.starts_at }),
        SlotEvent::BookingMovedOut { to_slot, .. } => json!({ "to_slot": to_slot }),
        SlotEvent::BookingMovedIn { from_slot, .. } => json!({ "from_slot": from_slot }),
        SlotEvent::NoShowRecorded { who: NoShow::Booking { .. } } => json!({ "absent": "student" }),
        SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => json!({ "absent": "teacher" }),
        SlotEvent::LessonReviewed { rating, .. } => json!({ "rating": rating }),
        SlotEvent::ReminderSent { lead, .. } => json!({ "lead": lead }),
        SlotEvent::WaitlistRemoved { cause, .. } => json!({ "cause": cause }),
        SlotEvent::SlotOpened { .. }
        | SlotEvent::SeatHeld { .. }
        | SlotEvent::RescheduleExpired { .. }
        | SlotEvent::LessonStarted { .. }
        | SlotEvent::LessonCompleted { .. }
        | SlotEvent::LessonReported { .. }
        | SlotEvent::WaitlistEntered { .. } => json!({}),
    }
}

impl TimelineLesson {
    fn apply_changes(&mut self, changes: &SlotChanges) {
        if let Some(period) = changes.period {
            self.starts_at = period.starts_at;
        }
        if let Some(subject) = &changes.subject {
            self.subject.clone_from(subject);
        }
    }
}

/// Returns an entry for the teacher and one for each student, but none for students without a seat.
///
/// The waitlist entry has events of its own, so its student has no second entry for the same change.
fn entries_for_involved(
    lesson: &TimelineLesson,
    slot_id: SlotId,
    involved: &Involved,
    params: &Value,
) -> Vec<NewTimelineEntry> {
    let entry =
        |person, side, with| NewTimelineEntry::new(person, side, with, lesson.to_params(slot_id), params);
    let mut students = involved.students.iter().copied();
    let only = students.next().filter(|_| students.next().is_none());
    let mut entries: Vec<_> =
        involved.teacher.map(|teacher| entry(teacher, Side::Teacher, only)).into_iter().collect();
    let is_of_waitlist = involved.is_offer || matches!(involved.about, Involvement::WaitlistEntry(_));
    if !is_of_waitlist {
        let teacher = Some(lesson.people.teacher);
        entries.extend(involved.students.iter().map(|student| entry(*student, Side::Student, teacher)));
    }
    entries
}

/// Returns the reason and its author. An erasure of the author removes both everywhere.
fn reason_params(reason: Option<&Personal<String>>) -> Value {
    match reason.and_then(|reason| Some((reason.known()?, reason.subject()))) {
        Some((reason, author)) => json!({ REASON: reason, AUTHOR: author }),
        None => json!({}),
    }
}

fn changed_fields(changes: &SlotChanges) -> Vec<&'static str> {
    let SlotChanges {
        period,
        subject,
        lesson_type,
        format,
        price,
        capacity,
        min_participants,
        goals,
        grades,
        place,
    } = changes;
    [
        (period.is_some(), "time"),
        (subject.is_some(), "subject"),
        (lesson_type.is_some(), "lesson_type"),
        (format.is_some(), "format"),
        (price.is_some(), "price"),
        (capacity.is_some(), "capacity"),
        (min_participants.is_some(), "min_participants"),
        (goals.is_some(), "goals"),
        (grades.is_some(), "grades"),
        (place.is_some(), "place"),
    ]
    .into_iter()
    .filter_map(|(changed, name)| changed.then_some(name))
    .collect()
}
