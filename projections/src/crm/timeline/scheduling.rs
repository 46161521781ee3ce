//! What the events of scheduling leave in the timelines of those whom they concern.

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::Aggregate;
use domain::scheduling::{ClassEvent, LessonRequestEvent, SeriesEvent, Slot, SlotEvent, WaitlistEvent};
use domain::{AccountId, Event, Recorded, SlotId};
use projection_runtime::ApplyError;
use serde_json::{Value, json};

use super::cast::{Cast, Casts, LessonCast, Line, Part, RequestCast};
use super::lessons;
use crate::casts::{Key, key_of};

/// The streams whose casts these events need.
pub(super) fn streams(events: &[Recorded]) -> Result<BTreeSet<Key>, ApplyError> {
    let mut streams = BTreeSet::new();
    for recorded in events {
        match &recorded.event {
            Event::Waitlist(event) => {
                streams.insert(key_of(recorded)?);
                if let WaitlistEvent::WaitlistJoined { slot_id, .. } = event {
                    streams.insert(slot_key(*slot_id));
                }
            }
            Event::Slot(_) | Event::Series(_) | Event::Request(_) | Event::Class(_) => {
                streams.insert(key_of(recorded)?);
            }
            _ => {}
        }
    }
    Ok(streams)
}

/// The lines of one event; the casts follow it.
pub(super) fn lines(recorded: &Recorded, casts: &mut Casts) -> Result<Vec<Line>, ApplyError> {
    let key = key_of(recorded)?;
    Ok(match &recorded.event {
        Event::Slot(event) => of_slot(key, event, casts),
        Event::Series(event) => of_series(key, event, casts),
        Event::Request(event) => of_request(key, event, casts),
        Event::Waitlist(event) => of_waitlist(key, event, casts),
        Event::Class(event) => of_class(key, event, casts),
        _ => Vec::new(),
    })
}

fn slot_key(slot_id: SlotId) -> Key {
    (Slot::TYPE.to_owned(), slot_id.uuid())
}

fn of_slot(key: Key, event: &SlotEvent, casts: &mut Casts) -> Vec<Line> {
    let slot_id = SlotId(key.1);
    if let SlotEvent::SlotOpened { teacher, starts_at, zone, terms, .. } = event {
        let lesson = LessonCast {
            teacher: *teacher,
            subject: terms.subject.clone(),
            starts_at: *starts_at,
            zone: zone.as_str().to_owned(),
            seated: BTreeMap::new(),
            holds: BTreeMap::new(),
            line: BTreeMap::new(),
        };
        casts.begin(key.clone(), Cast::Lesson(lesson));
    }
    match casts.change(&key) {
        Some(Cast::Lesson(lesson)) => lessons::tell(lesson, slot_id, event),
        Some(Cast::Waiting { .. } | Cast::Request(_) | Cast::Class { .. } | Cast::Series { .. }) | None => {
            Vec::new()
        }
    }
}

fn of_series(key: Key, event: &SeriesEvent, casts: &mut Casts) -> Vec<Line> {
    if let SeriesEvent::SeriesDefined { teacher, template, .. } = event {
        let cast = Cast::Series { teacher: *teacher, subject: template.subject.clone() };
        casts.begin(key.clone(), cast);
    }
    let Some(Cast::Series { teacher, subject }) = casts.known().get(&key) else { return Vec::new() };
    let more = match event {
        SeriesEvent::SeriesDefined { .. } => json!({}),
        SeriesEvent::SeriesChanged { from, .. } | SeriesEvent::SeriesEnded { from } => {
            json!({ "date": from })
        }
        SeriesEvent::SeriesExceptionAdded { date } => json!({ "date": date }),
        SeriesEvent::SeriesExtended { through, opened, skipped } => {
            json!({ "date": through, "opened": opened, "skipped": skipped.len() })
        }
    };
    let about = json!({ "series_id": key.1, "subject": subject });
    vec![Line::new(*teacher, Part::Teacher, None, about, &more)]
}

fn of_waitlist(key: Key, event: &WaitlistEvent, casts: &mut Casts) -> Vec<Line> {
    if let WaitlistEvent::WaitlistJoined { slot_id, student, .. } = event {
        casts.begin(key.clone(), Cast::Waiting { slot_id: *slot_id, student: *student });
    }
    let Some(Cast::Waiting { slot_id, student }) = casts.known().get(&key) else { return Vec::new() };
    let (about, teacher) = match casts.known().get(&slot_key(*slot_id)) {
        Some(Cast::Lesson(lesson)) => (lesson.about(*slot_id), Some(lesson.teacher)),
        _ => (json!({ "slot_id": slot_id }), None),
    };
    let more = match event {
        WaitlistEvent::WaitlistJoined { position, .. } => json!({ "place": position }),
        WaitlistEvent::SeatOffered { .. }
        | WaitlistEvent::OfferAccepted { .. }
        | WaitlistEvent::OfferDeclined {}
        | WaitlistEvent::OfferExpired {} => json!({}),
        WaitlistEvent::WaitlistLeft { closed } => json!({ "closed": closed }),
    };
    vec![Line::new(*student, Part::Student, teacher, about, &more)]
}

fn of_request(key: Key, event: &LessonRequestEvent, casts: &mut Casts) -> Vec<Line> {
    let id = key.1;
    if let LessonRequestEvent::LessonRequested { student, terms, .. } = event {
        let request = RequestCast {
            student: *student,
            subject: terms.subject.clone(),
            starts_at: terms.starts_at,
            asked: BTreeSet::new(),
        };
        casts.begin(key.clone(), Cast::Request(request));
    }
    let Some(Cast::Request(request)) = casts.change(&key) else { return Vec::new() };
    let about =
        || json!({ "request_id": id, "subject": request.subject.clone(), "starts_at": request.starts_at });
    let student = |with, more: Value| Line::new(request.student, Part::Student, with, about(), &more);
    let teacher =
        |who: AccountId, more: Value| Line::new(who, Part::Teacher, Some(request.student), about(), &more);
    match event {
        LessonRequestEvent::LessonRequested { .. } => vec![student(None, json!({}))],
        LessonRequestEvent::RequestMatched { considered, offered, .. } => {
            vec![student(None, json!({ "considered": considered, "offered": offered }))]
        }
        LessonRequestEvent::RequestOffered { teacher: asked, .. } => {
            let lines = vec![student(Some(*asked), json!({})), teacher(*asked, json!({}))];
            request.asked.insert(*asked);
            lines
        }
        LessonRequestEvent::RequestDeclined { teacher: who } => {
            let lines = vec![student(Some(*who), json!({})), teacher(*who, json!({}))];
            request.asked.remove(who);
            lines
        }
        LessonRequestEvent::RequestAccepted { teacher: who, slot_id, price } => {
            let won = json!({ "slot_id": slot_id, "price": price });
            let mut lines = vec![student(Some(*who), won.clone()), teacher(*who, won)];
            let others = request.asked.iter().filter(|asked| *asked != who);
            lines.extend(others.map(|other| teacher(*other, json!({ "lost": true }))));
            lines
        }
        LessonRequestEvent::RequestCancelled {} | LessonRequestEvent::RequestExpired {} => {
            let mut lines = vec![student(None, json!({}))];
            lines.extend(request.asked.iter().map(|asked| teacher(*asked, json!({}))));
            lines
        }
    }
}

fn of_class(key: Key, event: &ClassEvent, casts: &mut Casts) -> Vec<Line> {
    let id = key.1;
    if let ClassEvent::ClassCreated { teacher, subject, .. } = event {
        let (teacher, subject, members) = (*teacher, subject.clone(), BTreeSet::new());
        casts.begin(key.clone(), Cast::Class { teacher, subject, members });
    }
    let Some(Cast::Class { teacher, subject, members }) = casts.change(&key) else { return Vec::new() };
    if let ClassEvent::ClassChanged { subject: Some(new), .. } = event {
        subject.clone_from(new);
    }
    let about = || json!({ "class_id": id, "subject": subject.clone() });
    let of_teacher = |with| Line::new(*teacher, Part::Teacher, with, about(), &json!({}));
    let of_student = |who| Line::new(who, Part::Student, Some(*teacher), about(), &json!({}));
    match event {
        ClassEvent::ClassCreated { .. } => vec![of_teacher(None)],
        ClassEvent::ClassRenamed { .. } | ClassEvent::ClassChanged { .. } | ClassEvent::ClassClosed {} => {
            std::iter::once(of_teacher(None)).chain(members.iter().map(|who| of_student(*who))).collect()
        }
        ClassEvent::StudentAdded { student } => {
            members.insert(*student);
            vec![of_teacher(Some(*student)), of_student(*student)]
        }
        ClassEvent::StudentRemoved { student } => {
            members.remove(student);
            vec![of_teacher(Some(*student)), of_student(*student)]
        }
    }
}
