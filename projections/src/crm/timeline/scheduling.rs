//! Timeline entries of scheduling events.

use std::collections::BTreeSet;

use cqrs_es::Aggregate;
use domain::scheduling::{ClassEvent, LessonRequestEvent, SeriesEvent, Slot, SlotEvent, WaitlistEvent};
use domain::{AccountId, Event, RecordedEvent, SlotId};
use projection_runtime::ApplyError;
use serde_json::{Value, json};

use super::audiences::{
    NewTimelineEntry, Side, TimelineAudience, TimelineAudiences, TimelineLesson, TimelineRequestAudience,
};
use super::{lessons, video};
use crate::audience_cache::{StreamKey, stream_key, stream_uuid};
use crate::scheduling::LessonAudience;

/// Returns the streams whose audiences these events need.
pub(super) fn affected_streams(events: &[RecordedEvent]) -> Result<BTreeSet<StreamKey>, ApplyError> {
    let mut streams = BTreeSet::new();
    for recorded in events {
        match &recorded.event {
            Event::Waitlist(event) => {
                streams.insert(stream_key(recorded)?);
                if let WaitlistEvent::WaitlistJoined { slot_id, .. } = event {
                    streams.insert(slot_key(*slot_id));
                }
            }
            Event::Video(_) => {
                streams.insert((Slot::TYPE.to_owned(), stream_uuid(recorded)?));
            }
            Event::Slot(_) | Event::Series(_) | Event::Request(_) | Event::Class(_) => {
                streams.insert(stream_key(recorded)?);
            }
            Event::Account(_)
            | Event::CrmLink(_)
            | Event::Conversation(_)
            | Event::Inbox(_)
            | Event::Ticket(_) => {}
        }
    }
    Ok(streams)
}

/// Returns the entries of one event and updates the audiences.
pub(super) fn entries_for(
    recorded: &RecordedEvent,
    audiences: &mut TimelineAudiences,
) -> Result<Vec<NewTimelineEntry>, ApplyError> {
    let key = stream_key(recorded)?;
    Ok(match &recorded.event {
        Event::Slot(event) => slot_entries(key, event, audiences),
        Event::Series(event) => series_entries(key, event, audiences),
        Event::Request(event) => request_entries(key, event, audiences),
        Event::Waitlist(event) => waitlist_entries(key, event, audiences),
        Event::Class(event) => class_entries(key, event, audiences),
        Event::Video(event) => {
            let slot_id = SlotId(key.1);
            let lesson = match audiences.audiences().get(&slot_key(slot_id)) {
                Some(TimelineAudience::Lesson(lesson)) => Some(lesson),
                _ => None,
            };
            video::entries_for(lesson, slot_id, event)
        }
        Event::Account(_)
        | Event::CrmLink(_)
        | Event::Conversation(_)
        | Event::Inbox(_)
        | Event::Ticket(_) => Vec::new(),
    })
}

fn slot_key(slot_id: SlotId) -> StreamKey {
    (Slot::TYPE.to_owned(), slot_id.uuid())
}

fn slot_entries(
    key: StreamKey,
    event: &SlotEvent,
    audiences: &mut TimelineAudiences,
) -> Vec<NewTimelineEntry> {
    let slot_id = SlotId(key.1);
    if let SlotEvent::SlotOpened { teacher, starts_at, zone, terms, .. } = event {
        let lesson = TimelineLesson {
            subject: terms.subject.clone(),
            starts_at: *starts_at,
            zone: zone.as_str().to_owned(),
            people: LessonAudience::new(*teacher),
        };
        audiences.insert_new(key.clone(), TimelineAudience::Lesson(lesson));
    }
    match audiences.get_mut(&key) {
        Some(TimelineAudience::Lesson(lesson)) => lessons::entries_for(lesson, slot_id, event),
        Some(
            TimelineAudience::WaitlistEntry { .. }
            | TimelineAudience::Request(_)
            | TimelineAudience::Class { .. }
            | TimelineAudience::Series { .. },
        )
        | None => Vec::new(),
    }
}

fn series_entries(
    key: StreamKey,
    event: &SeriesEvent,
    audiences: &mut TimelineAudiences,
) -> Vec<NewTimelineEntry> {
    if let SeriesEvent::SeriesDefined { teacher, template, .. } = event {
        let audience = TimelineAudience::Series { teacher: *teacher, subject: template.subject.clone() };
        audiences.insert_new(key.clone(), audience);
    }
    let Some(TimelineAudience::Series { teacher, subject }) = audiences.audiences().get(&key) else {
        return Vec::new();
    };
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
    vec![NewTimelineEntry::new(*teacher, Side::Teacher, None, about, &more)]
}

fn waitlist_entries(
    key: StreamKey,
    event: &WaitlistEvent,
    audiences: &mut TimelineAudiences,
) -> Vec<NewTimelineEntry> {
    if let WaitlistEvent::WaitlistJoined { slot_id, student, .. } = event {
        audiences.insert_new(
            key.clone(),
            TimelineAudience::WaitlistEntry { slot_id: *slot_id, student: *student },
        );
    }
    let Some(TimelineAudience::WaitlistEntry { slot_id, student }) = audiences.audiences().get(&key) else {
        return Vec::new();
    };
    let (about, teacher) = match audiences.audiences().get(&slot_key(*slot_id)) {
        Some(TimelineAudience::Lesson(lesson)) => (lesson.to_params(*slot_id), Some(lesson.people.teacher)),
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
    vec![NewTimelineEntry::new(*student, Side::Student, teacher, about, &more)]
}

fn request_entries(
    key: StreamKey,
    event: &LessonRequestEvent,
    audiences: &mut TimelineAudiences,
) -> Vec<NewTimelineEntry> {
    let id = key.1;
    if let LessonRequestEvent::LessonRequested { student, terms, .. } = event {
        let request = TimelineRequestAudience {
            student: *student,
            subject: terms.subject.clone(),
            starts_at: terms.starts_at,
            asked: BTreeSet::new(),
        };
        audiences.insert_new(key.clone(), TimelineAudience::Request(request));
    }
    let Some(TimelineAudience::Request(request)) = audiences.get_mut(&key) else { return Vec::new() };
    let about =
        || json!({ "request_id": id, "subject": request.subject.clone(), "starts_at": request.starts_at });
    let student =
        |with, more: Value| NewTimelineEntry::new(request.student, Side::Student, with, about(), &more);
    let teacher = |who: AccountId, more: Value| {
        NewTimelineEntry::new(who, Side::Teacher, Some(request.student), about(), &more)
    };
    match event {
        LessonRequestEvent::LessonRequested { .. } => vec![student(None, json!({}))],
        LessonRequestEvent::RequestMatched { considered, offered, .. } => {
            vec![student(None, json!({ "considered": considered, "offered": offered }))]
        }
        LessonRequestEvent::RequestOffered { teacher: asked, .. } => {
            let entries = vec![student(Some(*asked), json!({})), teacher(*asked, json!({}))];
            request.asked.insert(*asked);
            entries
        }
        LessonRequestEvent::RequestDeclined { teacher: who } => {
            let entries = vec![student(Some(*who), json!({})), teacher(*who, json!({}))];
            request.asked.remove(who);
            entries
        }
        LessonRequestEvent::RequestAccepted { teacher: who, slot_id, price } => {
            let won = json!({ "slot_id": slot_id, "price": price });
            let mut entries = vec![student(Some(*who), won.clone()), teacher(*who, won)];
            let others = request.asked.iter().filter(|asked| *asked != who);
            entries.extend(others.map(|other| teacher(*other, json!({ "lost": true }))));
            entries
        }
        LessonRequestEvent::RequestCancelled {} | LessonRequestEvent::RequestExpired {} => {
            let mut entries = vec![student(None, json!({}))];
            entries.extend(request.asked.iter().map(|asked| teacher(*asked, json!({}))));
            entries
        }
    }
}

fn class_entries(
    key: StreamKey,
    event: &ClassEvent,
    audiences: &mut TimelineAudiences,
) -> Vec<NewTimelineEntry> {
    let id = key.1;
    if let ClassEvent::ClassCreated { teacher, subject, .. } = event {
        let (teacher, subject, members) = (*teacher, subject.clone(), BTreeSet::new());
        audiences.insert_new(key.clone(), TimelineAudience::Class { teacher, subject, members });
    }
    let Some(TimelineAudience::Class { teacher, subject, members }) = audiences.get_mut(&key) else {
        return Vec::new();
    };
    if let ClassEvent::ClassChanged { subject: Some(new), .. } = event {
        subject.clone_from(new);
    }
    let about = || json!({ "class_id": id, "subject": subject.clone() });
    let of_teacher = |with| NewTimelineEntry::new(*teacher, Side::Teacher, with, about(), &json!({}));
    let of_student = |who| NewTimelineEntry::new(who, Side::Student, Some(*teacher), about(), &json!({}));
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
