//! What the events of a slot leave in the timelines of its teacher and its students.

use domain::scheduling::{NoShow, SlotChanges, SlotEvent};
use domain::{AccountId, Personal, SlotId};
use serde_json::{Value, json};

use super::cast::{Held, LessonCast, Line, Part};
use super::params::{AUTHOR, REASON};

/// The lines of one event; the cast follows it. What somebody's place in line tells by itself is not told
/// here again to that student.
pub(super) fn tell(lesson: &mut LessonCast, slot_id: SlotId, event: &SlotEvent) -> Vec<Line> {
    match event {
        SlotEvent::SlotOpened { .. } => vec![teacher(lesson, slot_id, None, &json!({}))],
        SlotEvent::SlotChanged { changes, .. } => {
            lesson.take(changes);
            everybody(lesson, slot_id, &json!({ "fields": names(changes) }))
        }
        SlotEvent::SlotWithdrawn { reason } => {
            vec![teacher(lesson, slot_id, None, &because(reason.as_ref()))]
        }
        SlotEvent::SeatHeld { hold_id, student, offered_to, .. } => {
            let offered = offered_to.is_some();
            lesson.holds.insert(*hold_id, Held { student: *student, offered });
            held(lesson, slot_id, *student, offered, json!({}))
        }
        SlotEvent::HoldReleased { hold_id, cause } => match lesson.holds.remove(hold_id) {
            Some(Held { student, offered }) => {
                held(lesson, slot_id, student, offered, json!({ "cause": cause }))
            }
            None => Vec::new(),
        },
        SlotEvent::SeatBooked { booking_id, student, price, booked_by, hold_id, .. } => {
            if let Some(hold_id) = hold_id {
                lesson.holds.remove(hold_id);
            }
            lesson.seated.insert(*booking_id, *student);
            both(lesson, slot_id, *student, &json!({ "booked_by": booked_by, "price": price }))
        }
        SlotEvent::BookingCancelled { booking_id, student, by, reason, late, fee } => {
            lesson.seated.remove(booking_id);
            let mut more = because(reason.as_ref());
            more["by"] = json!(by);
            more["late"] = json!(late);
            more["fee"] = json!(fee);
            both(lesson, slot_id, *student, &more)
        }
        SlotEvent::LessonCancelled { by, reason } => {
            let mut more = because(reason.as_ref());
            more["by"] = json!(by);
            everybody(lesson, slot_id, &more)
        }
        SlotEvent::RescheduleProposed { by, starts_at, .. } => {
            everybody(lesson, slot_id, &json!({ "by": by, "to": starts_at }))
        }
        SlotEvent::RescheduleAccepted { by, .. } | SlotEvent::RescheduleDeclined { by, .. } => {
            let side = if *by == lesson.teacher { Part::Teacher } else { Part::Student };
            everybody(lesson, slot_id, &json!({ "by": side }))
        }
        SlotEvent::RescheduleExpired { .. } => everybody(lesson, slot_id, &json!({})),
        SlotEvent::LessonMoved { to, .. } => {
            let lines = everybody(lesson, slot_id, &json!({ "to": to.starts_at }));
            lesson.starts_at = to.starts_at;
            lines
        }
        SlotEvent::BookingMovedOut { booking_id, student, to_slot } => {
            lesson.seated.remove(booking_id);
            both(lesson, slot_id, *student, &json!({ "to_slot": to_slot }))
        }
        SlotEvent::BookingMovedIn { booking_id, student, from_slot, .. } => {
            lesson.seated.insert(*booking_id, *student);
            both(lesson, slot_id, *student, &json!({ "from_slot": from_slot }))
        }
        SlotEvent::LessonStarted { .. }
        | SlotEvent::LessonCompleted { .. }
        | SlotEvent::LessonReported { .. } => everybody(lesson, slot_id, &json!({})),
        SlotEvent::NoShowRecorded { who: NoShow::Booking { student, .. } } => {
            both(lesson, slot_id, *student, &json!({ "absent": "student" }))
        }
        SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => {
            everybody(lesson, slot_id, &json!({ "absent": "teacher" }))
        }
        SlotEvent::LessonReviewed { student, rating, .. } => {
            both(lesson, slot_id, *student, &json!({ "rating": rating }))
        }
        SlotEvent::ReminderSent { person, lead, .. } => {
            let more = json!({ "lead": lead });
            if *person == lesson.teacher {
                vec![teacher(lesson, slot_id, None, &more)]
            } else {
                vec![student(lesson, slot_id, *person, &more)]
            }
        }
        SlotEvent::WaitlistEntered { entry_id, student } => {
            lesson.line.insert(*entry_id, *student);
            vec![teacher(lesson, slot_id, Some(*student), &json!({}))]
        }
        SlotEvent::WaitlistRemoved { entry_id, cause } => {
            let who = lesson.line.remove(entry_id);
            vec![teacher(lesson, slot_id, who, &json!({ "cause": cause }))]
        }
    }
}

impl LessonCast {
    fn take(&mut self, changes: &SlotChanges) {
        if let Some(period) = changes.period {
            self.starts_at = period.starts_at;
        }
        if let Some(subject) = &changes.subject {
            self.subject.clone_from(subject);
        }
    }
}

fn teacher(lesson: &LessonCast, slot_id: SlotId, with: Option<AccountId>, more: &Value) -> Line {
    Line::new(lesson.teacher, Part::Teacher, with, lesson.about(slot_id), more)
}

fn student(lesson: &LessonCast, slot_id: SlotId, who: AccountId, more: &Value) -> Line {
    Line::new(who, Part::Student, Some(lesson.teacher), lesson.about(slot_id), more)
}

fn both(lesson: &LessonCast, slot_id: SlotId, who: AccountId, more: &Value) -> Vec<Line> {
    vec![teacher(lesson, slot_id, Some(who), more), student(lesson, slot_id, who, more)]
}

/// The teacher, and once everybody who has a seat.
fn everybody(lesson: &LessonCast, slot_id: SlotId, more: &Value) -> Vec<Line> {
    let mut seated: Vec<AccountId> = lesson.seated.values().copied().collect();
    seated.sort_unstable();
    seated.dedup();
    let with = if let [only] = seated[..] { Some(only) } else { None };
    let students = seated.iter().map(|who| student(lesson, slot_id, *who, more));
    std::iter::once(teacher(lesson, slot_id, with, more)).chain(students).collect()
}

/// An offer to the line tells the student by itself.
fn held(lesson: &LessonCast, slot_id: SlotId, who: AccountId, offered: bool, mut more: Value) -> Vec<Line> {
    more["offered"] = json!(offered);
    match offered {
        true => vec![teacher(lesson, slot_id, Some(who), &more)],
        false => both(lesson, slot_id, who, &more),
    }
}

/// A reason, and who wrote it: with its author it is forgotten everywhere.
fn because(reason: Option<&Personal<String>>) -> Value {
    match reason.and_then(|reason| Some((reason.known()?, reason.subject()))) {
        Some((reason, author)) => json!({ REASON: reason, AUTHOR: author }),
        None => json!({}),
    }
}

fn names(changes: &SlotChanges) -> Vec<&'static str> {
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
