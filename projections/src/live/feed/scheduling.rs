//! Who is told what of the events of requests, places in line, classes and series.

use std::collections::BTreeSet;

use domain::scheduling::{ClassEvent, LessonRequestEvent, SeriesEvent, WaitlistEvent};
use serde_json::json;

use super::casts::{Cast, Casts};
use super::told::Told;
use crate::casts::Key;

/// The student, and each teacher who was asked and has not declined; who is asked, only that teacher and the
/// student are told.
pub(super) fn of_request(casts: &mut Casts, key: &Key, event: &LessonRequestEvent) -> Told {
    if let LessonRequestEvent::LessonRequested { student, .. } = event {
        casts.begin(key.clone(), Cast::Request { student: *student, asked: BTreeSet::new() });
    }
    let Some(Cast::Request { student, asked }) = casts.change(key) else { return Told::nobody() };
    let request = json!({ "request_id": key.1 });
    match event {
        LessonRequestEvent::LessonRequested { .. } | LessonRequestEvent::RequestMatched { .. } => {
            Told::only(*student, request)
        }
        LessonRequestEvent::RequestOffered { teacher, .. } => {
            asked.insert(*teacher);
            Told::all([*student, *teacher], &request)
        }
        LessonRequestEvent::RequestDeclined { teacher } => {
            asked.remove(teacher);
            Told::all([*student, *teacher], &request)
        }
        LessonRequestEvent::RequestAccepted { teacher, slot_id, .. } => {
            let mut told = Told::all(asked.iter().copied(), &request);
            let lesson = json!({ "request_id": key.1, "slot_id": slot_id });
            told.0.extend([(*student, lesson.clone()), (*teacher, lesson)]);
            told
        }
        LessonRequestEvent::RequestCancelled {} | LessonRequestEvent::RequestExpired {} => {
            Told::all(asked.iter().copied().chain([*student]), &request)
        }
    }
}

/// The student; the teacher is told by the slot.
pub(super) fn of_waitlist(casts: &mut Casts, key: &Key, event: &WaitlistEvent) -> Told {
    if let WaitlistEvent::WaitlistJoined { slot_id, student, .. } = event {
        casts.begin(key.clone(), Cast::Waiting { slot_id: *slot_id, student: *student });
    }
    let Some(Cast::Waiting { slot_id, student }) = casts.change(key) else { return Told::nobody() };
    let mut data = json!({ "entry_id": key.1, "slot_id": slot_id });
    match event {
        WaitlistEvent::WaitlistJoined { .. }
        | WaitlistEvent::OfferDeclined {}
        | WaitlistEvent::OfferExpired {}
        | WaitlistEvent::WaitlistLeft { .. } => {}
        WaitlistEvent::SeatOffered { hold_id, expires_at } => {
            data["hold_id"] = json!(hold_id);
            data["expires_at"] = json!(expires_at);
        }
        WaitlistEvent::OfferAccepted { booking_id } => data["booking_id"] = json!(booking_id),
    }
    Told::only(*student, data)
}

/// The teacher and the members; who comes or goes, only that student and the teacher are told.
pub(super) fn of_class(casts: &mut Casts, key: &Key, event: &ClassEvent) -> Told {
    if let ClassEvent::ClassCreated { teacher, .. } = event {
        casts.begin(key.clone(), Cast::Class { teacher: *teacher, members: BTreeSet::new() });
    }
    let Some(Cast::Class { teacher, members }) = casts.change(key) else { return Told::nobody() };
    let class = json!({ "class_id": key.1 });
    match event {
        ClassEvent::ClassCreated { .. }
        | ClassEvent::ClassRenamed { .. }
        | ClassEvent::ClassChanged { .. }
        | ClassEvent::ClassClosed {} => Told::all(members.iter().copied().chain([*teacher]), &class),
        ClassEvent::StudentAdded { student } => {
            members.insert(*student);
            Told::all([*teacher, *student], &class)
        }
        ClassEvent::StudentRemoved { student } => {
            members.remove(student);
            Told::all([*teacher, *student], &class)
        }
    }
}

/// Its teacher.
pub(super) fn of_series(casts: &mut Casts, key: &Key, event: &SeriesEvent) -> Told {
    if let SeriesEvent::SeriesDefined { teacher, .. } = event {
        casts.begin(key.clone(), Cast::Series { teacher: *teacher });
    }
    match casts.change(key) {
        Some(Cast::Series { teacher }) => Told::only(*teacher, json!({ "series_id": key.1 })),
        Some(_) | None => Told::nobody(),
    }
}
