//! Recipients of events of lesson requests, waitlist entries, classes and series.

use std::collections::BTreeSet;

use domain::scheduling::{ClassEvent, LessonRequestEvent, SeriesEvent, WaitlistEvent};

use super::audiences::{FeedAudience, FeedAudiences};
use super::data::{
    AcceptedLessonRequestData, AcceptedOfferData, ClassData, FrameData, LessonRequestData, SeatOfferData,
    SeriesData, WaitlistEntryData,
};
use super::recipients::FeedRecipients;
use crate::audience_cache::StreamKey;

/// Returns the student, and each teacher who was asked and has not declined.
///
/// An offer or a decline has only that teacher and the student as recipients.
pub(super) fn recipients_of_request_event(
    audiences: &mut FeedAudiences,
    key: &StreamKey,
    event: &LessonRequestEvent,
) -> FeedRecipients {
    if let LessonRequestEvent::LessonRequested { student, .. } = event {
        audiences
            .insert_new(key.clone(), FeedAudience::Request { student: *student, asked: BTreeSet::new() });
    }
    let Some(FeedAudience::Request { student, asked }) = audiences.get_mut(key) else {
        return FeedRecipients::none();
    };
    let request = FrameData::from(LessonRequestData { request_id: key.1 });
    match event {
        LessonRequestEvent::LessonRequested { .. } | LessonRequestEvent::RequestMatched { .. } => {
            FeedRecipients::only(*student, request)
        }
        LessonRequestEvent::RequestOffered { teacher, .. } => {
            asked.insert(*teacher);
            FeedRecipients::all([*student, *teacher], &request)
        }
        LessonRequestEvent::RequestDeclined { teacher } => {
            asked.remove(teacher);
            FeedRecipients::all([*student, *teacher], &request)
        }
        LessonRequestEvent::RequestAccepted { teacher, slot_id, .. } => {
            let mut recipients = FeedRecipients::all(asked.iter().copied(), &request);
            let lesson = AcceptedLessonRequestData { request_id: key.1, slot_id: slot_id.uuid() };
            let lesson = FrameData::from(lesson);
            recipients.0.extend([(*student, lesson.clone()), (*teacher, lesson)]);
            recipients
        }
        LessonRequestEvent::RequestCancelled {} | LessonRequestEvent::RequestExpired {} => {
            FeedRecipients::all(asked.iter().copied().chain([*student]), &request)
        }
    }
}

/// Returns the student. The teacher gets the event of the slot instead.
pub(super) fn recipients_of_waitlist_event(
    audiences: &mut FeedAudiences,
    key: &StreamKey,
    event: &WaitlistEvent,
) -> FeedRecipients {
    if let WaitlistEvent::WaitlistJoined { slot_id, student, .. } = event {
        audiences
            .insert_new(key.clone(), FeedAudience::WaitlistEntry { slot_id: *slot_id, student: *student });
    }
    let Some(FeedAudience::WaitlistEntry { slot_id, student }) = audiences.get_mut(key) else {
        return FeedRecipients::none();
    };
    let (entry_id, slot_id) = (key.1, slot_id.uuid());
    let data: FrameData = match event {
        WaitlistEvent::WaitlistJoined { .. }
        | WaitlistEvent::OfferDeclined {}
        | WaitlistEvent::OfferExpired {}
        | WaitlistEvent::WaitlistLeft { .. } => WaitlistEntryData { slot_id, entry_id }.into(),
        WaitlistEvent::SeatOffered { hold_id, expires_at } => {
            let (hold_id, expires_at) = (hold_id.uuid(), expires_at.to_string());
            SeatOfferData { slot_id, entry_id, hold_id, expires_at }.into()
        }
        WaitlistEvent::OfferAccepted { booking_id } => {
            AcceptedOfferData { slot_id, entry_id, booking_id: booking_id.uuid() }.into()
        }
    };
    FeedRecipients::only(*student, data)
}

/// Returns the teacher and the members of the class.
///
/// An added or removed student is the only recipient besides the teacher.
pub(super) fn recipients_of_class_event(
    audiences: &mut FeedAudiences,
    key: &StreamKey,
    event: &ClassEvent,
) -> FeedRecipients {
    if let ClassEvent::ClassCreated { teacher, .. } = event {
        audiences
            .insert_new(key.clone(), FeedAudience::Class { teacher: *teacher, members: BTreeSet::new() });
    }
    let Some(FeedAudience::Class { teacher, members }) = audiences.get_mut(key) else {
        return FeedRecipients::none();
    };
    let class = FrameData::from(ClassData { class_id: key.1 });
    match event {
        ClassEvent::ClassCreated { .. }
        | ClassEvent::ClassRenamed { .. }
        | ClassEvent::ClassChanged { .. }
        | ClassEvent::ClassClosed {} => {
            FeedRecipients::all(members.iter().copied().chain([*teacher]), &class)
        }
        ClassEvent::StudentAdded { student } => {
            members.insert(*student);
            FeedRecipients::all([*teacher, *student], &class)
        }
        ClassEvent::StudentRemoved { student } => {
            members.remove(student);
            FeedRecipients::all([*teacher, *student], &class)
        }
    }
}

/// Returns the teacher of the series.
pub(super) fn recipients_of_series_event(
    audiences: &mut FeedAudiences,
    key: &StreamKey,
    event: &SeriesEvent,
) -> FeedRecipients {
    if let SeriesEvent::SeriesDefined { teacher, .. } = event {
        audiences.insert_new(key.clone(), FeedAudience::Series { teacher: *teacher });
    }
    match audiences.get_mut(key) {
        Some(FeedAudience::Series { teacher }) => {
            FeedRecipients::only(*teacher, SeriesData { series_id: key.1 })
        }
        Some(_) | None => FeedRecipients::none(),
    }
}
