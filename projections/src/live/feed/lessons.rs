//! Recipients of slot events, and their data.

use domain::SlotId;
use domain::scheduling::{Involvement, SlotEvent};
use serde_json::{Value, json};

use super::audiences::{FeedAudience, FeedAudiences};
use super::recipients::FeedRecipients;
use crate::audience_cache::StreamKey;
use crate::scheduling::LessonAudience;

/// Returns the recipients of one event with their data, and applies the event to the audience.
///
/// A student gets events of their own seat and of the whole lesson, and none of another student.
pub(super) fn recipients_of(
    audiences: &mut FeedAudiences,
    key: &StreamKey,
    event: &SlotEvent,
) -> FeedRecipients {
    if let SlotEvent::SlotOpened { teacher, .. } = event {
        audiences.insert_new(key.clone(), FeedAudience::Lesson(LessonAudience::new(*teacher)));
    }
    let Some(FeedAudience::Lesson(lesson)) = audiences.get_mut(key) else { return FeedRecipients::none() };
    match lesson.apply(event) {
        Some(involved) => FeedRecipients::all(involved.people(), &data(SlotId(key.1), involved.about)),
        None => FeedRecipients::none(),
    }
}

/// Returns the ids and codes of the part of the slot that an event is about.
fn data(slot_id: SlotId, about: Involvement) -> Value {
    match about {
        Involvement::Teacher | Involvement::Everyone | Involvement::Participants => {
            json!({ "slot_id": slot_id })
        }
        Involvement::Proposal(proposal_id) => json!({ "slot_id": slot_id, "proposal_id": proposal_id }),
        Involvement::Booking { booking_id, .. } => json!({ "slot_id": slot_id, "booking_id": booking_id }),
        Involvement::Hold(hold_id) => json!({ "slot_id": slot_id, "hold_id": hold_id }),
        Involvement::WaitlistEntry(entry_id) => json!({ "slot_id": slot_id, "entry_id": entry_id }),
        Involvement::Reminder { lead, .. } => json!({ "slot_id": slot_id, "lead": lead }),
    }
}
