//! Timeline entries of slot events, for the teacher and the students.

use domain::scheduling::{NoShow, SlotChanges, SlotEvent};
use domain::{AccountId, Personal, SlotId};
use serde_json::{Value, json};

use super::audiences::{HeldSeat, NewTimelineEntry, Side, TimelineLessonAudience};
use super::params::{AUTHOR, REASON};

/// Returns the entries of one event and updates the audience. A change that the student's waitlist entry
/// shows has no second entry for that student.
pub(super) fn entries_for(
    lesson: &mut TimelineLessonAudience,
    slot_id: SlotId,
    event: &SlotEvent,
) -> Vec<NewTimelineEntry> {
    match event {
        SlotEvent::SlotOpened { .. } => vec![teacher_entry(lesson, slot_id, None, &json!({}))],
        SlotEvent::SlotChanged { changes, .. } => {
            lesson.apply_changes(changes);
            entries_for_all(lesson, slot_id, &json!({ "fields": changed_fields(changes) }))
        }
        SlotEvent::SlotWithdrawn { reason } => {
            vec![teacher_entry(lesson, slot_id, None, &reason_params(reason.as_ref()))]
        }
        SlotEvent::SeatHeld { hold_id, student, offered_to, .. } => {
            let offered = offered_to.is_some();
            lesson.holds.insert(*hold_id, HeldSeat { student: *student, offered });
            entries_for_hold(lesson, slot_id, *student, offered, json!({}))
        }
        SlotEvent::HoldReleased { hold_id, cause } => match lesson.holds.remove(hold_id) {
            Some(HeldSeat { student, offered }) => {
                entries_for_hold(lesson, slot_id, student, offered, json!({ "cause": cause }))
            }
            None => Vec::new(),
        },
        SlotEvent::SeatBooked { booking_id, student, price, booked_by, hold_id, .. } => {
            if let Some(hold_id) = hold_id {
                lesson.holds.remove(hold_id);
            }
            lesson.seated.insert(*booking_id, *student);
            entries_for_both(lesson, slot_id, *student, &json!({ "booked_by": booked_by, "price": price }))
        }
        SlotEvent::BookingCancelled { booking_id, student, by, reason, late, fee } => {
            lesson.seated.remove(booking_id);
            let mut more = reason_params(reason.as_ref());
            more["by"] = json!(by);
            more["late"] = json!(late);
            more["fee"] = json!(fee);
            entries_for_both(lesson, slot_id, *student, &more)
        }
        SlotEvent::LessonCancelled { by, reason } => {
            let mut more = reason_params(reason.as_ref());
            more["by"] = json!(by);
            entries_for_all(lesson, slot_id, &more)
        }
        SlotEvent::RescheduleProposed { by, starts_at, .. } => {
            entries_for_all(lesson, slot_id, &json!({ "by": by, "to": starts_at }))
        }
        SlotEvent::RescheduleAccepted { by, .. } | SlotEvent::RescheduleDeclined { by, .. } => {
            let side = if *by == lesson.teacher { Side::Teacher } else { Side::Student };
            entries_for_all(lesson, slot_id, &json!({ "by": side }))
        }
        SlotEvent::RescheduleExpired { .. } => entries_for_all(lesson, slot_id, &json!({})),
        SlotEvent::LessonMoved { to, .. } => {
            let entries = entries_for_all(lesson, slot_id, &json!({ "to": to.starts_at }));
            lesson.starts_at = to.starts_at;
            entries
        }
        SlotEvent::BookingMovedOut { booking_id, student, to_slot } => {
            lesson.seated.remove(booking_id);
            entries_for_both(lesson, slot_id, *student, &json!({ "to_slot": to_slot }))
        }
        SlotEvent::BookingMovedIn { booking_id, student, from_slot, .. } => {
            lesson.seated.insert(*booking_id, *student);
            entries_for_both(lesson, slot_id, *student, &json!({ "from_slot": from_slot }))
        }
        SlotEvent::LessonStarted { .. }
        | SlotEvent::LessonCompleted { .. }
        | SlotEvent::LessonReported { .. } => entries_for_all(lesson, slot_id, &json!({})),
        SlotEvent::NoShowRecorded { who: NoShow::Booking { student, .. } } => {
            entries_for_both(lesson, slot_id, *student, &json!({ "absent": "student" }))
        }
        SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => {
            entries_for_all(lesson, slot_id, &json!({ "absent": "teacher" }))
        }
        SlotEvent::LessonReviewed { student, rating, .. } => {
            entries_for_both(lesson, slot_id, *student, &json!({ "rating": rating }))
        }
        SlotEvent::ReminderSent { person, lead, .. } => {
            let more = json!({ "lead": lead });
            if *person == lesson.teacher {
                vec![teacher_entry(lesson, slot_id, None, &more)]
            } else {
                vec![student_entry(lesson, slot_id, *person, &more)]
            }
        }
        SlotEvent::WaitlistEntered { entry_id, student } => {
            lesson.waitlist.insert(*entry_id, *student);
            vec![teacher_entry(lesson, slot_id, Some(*student), &json!({}))]
        }
        SlotEvent::WaitlistRemoved { entry_id, cause } => {
            let who = lesson.waitlist.remove(entry_id);
            vec![teacher_entry(lesson, slot_id, who, &json!({ "cause": cause }))]
        }
    }
}

impl TimelineLessonAudience {
    fn apply_changes(&mut self, changes: &SlotChanges) {
        if let Some(period) = changes.period {
            self.starts_at = period.starts_at;
        }
        if let Some(subject) = &changes.subject {
            self.subject.clone_from(subject);
        }
    }
}

fn teacher_entry(
    lesson: &TimelineLessonAudience,
    slot_id: SlotId,
    with: Option<AccountId>,
    more: &Value,
) -> NewTimelineEntry {
    NewTimelineEntry::new(lesson.teacher, Side::Teacher, with, lesson.to_params(slot_id), more)
}

fn student_entry(
    lesson: &TimelineLessonAudience,
    slot_id: SlotId,
    who: AccountId,
    more: &Value,
) -> NewTimelineEntry {
    NewTimelineEntry::new(who, Side::Student, Some(lesson.teacher), lesson.to_params(slot_id), more)
}

fn entries_for_both(
    lesson: &TimelineLessonAudience,
    slot_id: SlotId,
    who: AccountId,
    more: &Value,
) -> Vec<NewTimelineEntry> {
    vec![teacher_entry(lesson, slot_id, Some(who), more), student_entry(lesson, slot_id, who, more)]
}

/// Returns an entry for the teacher and one for each student with a seat.
fn entries_for_all(lesson: &TimelineLessonAudience, slot_id: SlotId, more: &Value) -> Vec<NewTimelineEntry> {
    let mut seated: Vec<AccountId> = lesson.seated.values().copied().collect();
    seated.sort_unstable();
    seated.dedup();
    let with = if let [only] = seated[..] { Some(only) } else { None };
    let students = seated.iter().map(|who| student_entry(lesson, slot_id, *who, more));
    std::iter::once(teacher_entry(lesson, slot_id, with, more)).chain(students).collect()
}

/// Returns no entry for the student if the hold is an offer, because the waitlist entry has its own event.
fn entries_for_hold(
    lesson: &TimelineLessonAudience,
    slot_id: SlotId,
    who: AccountId,
    offered: bool,
    mut more: Value,
) -> Vec<NewTimelineEntry> {
    more["offered"] = json!(offered);
    match offered {
        true => vec![teacher_entry(lesson, slot_id, Some(who), &more)],
        false => entries_for_both(lesson, slot_id, who, &more),
    }
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
