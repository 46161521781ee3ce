//! Timeline entries of a video session: the stays of a person in a lesson room.

use domain::video::VideoSessionEvent;
use domain::{AccountId, SlotId};
use serde_json::{Value, json};

use super::audiences::{NewTimelineEntry, Side, TimelineLesson};

/// Returns the entries of one event. The lesson rooms themselves concern no person.
pub(super) fn entries_for(
    lesson: Option<&TimelineLesson>,
    slot_id: SlotId,
    event: &VideoSessionEvent,
) -> Vec<NewTimelineEntry> {
    let (person, more) = match event {
        VideoSessionEvent::RoomOpened { .. }
        | VideoSessionEvent::RoomClosed { .. }
        // The person joins at the same time.
        | VideoSessionEvent::ParticipantAdmitted { .. } => return Vec::new(),
        VideoSessionEvent::ParticipantJoined { participant, role, joined_at, .. } => {
            (*participant, json!({ "lesson_room_role": role, "at": joined_at }))
        }
        VideoSessionEvent::ParticipantLeft { participant, cause, seconds, left_at, .. } => {
            (*participant, json!({ "cause": cause, "seconds": seconds, "at": left_at }))
        }
        VideoSessionEvent::ParticipantRemoved { participant, by, banned, removed_at } => {
            (*participant, json!({ "by": by, "banned": banned, "at": removed_at }))
        }
        VideoSessionEvent::RecordingConsented { participant, agreed, .. } => {
            (*participant, json!({ "agreed": agreed }))
        }
        VideoSessionEvent::NoShowProposed { student, booking_id } => {
            return proposal_entries(lesson, slot_id, *student, &json!({ "booking_id": booking_id }));
        }
    };
    vec![entry(lesson, slot_id, person, &more)]
}

/// Returns the entries of a proposed absence, for the student and for the teacher, who decides.
fn proposal_entries(
    lesson: Option<&TimelineLesson>,
    slot_id: SlotId,
    student: AccountId,
    more: &Value,
) -> Vec<NewTimelineEntry> {
    let of_teacher = lesson.map(|lesson| {
        NewTimelineEntry::new(
            lesson.people.teacher,
            Side::Teacher,
            Some(student),
            lesson.to_params(slot_id),
            more,
        )
    });
    of_teacher.into_iter().chain([entry(lesson, slot_id, student, more)]).collect()
}

fn entry(
    lesson: Option<&TimelineLesson>,
    slot_id: SlotId,
    person: AccountId,
    more: &Value,
) -> NewTimelineEntry {
    let about = lesson.map_or(json!({ "slot_id": slot_id }), |lesson| lesson.to_params(slot_id));
    let teacher = lesson.map(|lesson| lesson.people.teacher);
    let side = if teacher == Some(person) { Side::Teacher } else { Side::Student };
    NewTimelineEntry::new(person, side, teacher.filter(|teacher| *teacher != person), about, more)
}
