//! Recipients of slot events, and their data.

use domain::scheduling::{Involvement, SlotEvent};
use uuid::Uuid;

use super::audiences::{FeedAudience, FeedAudiences};
use super::data::{
    BookingData, FrameData, HoldData, ProposalData, ReminderData, SlotData, WaitlistEntryData,
};
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
        Some(involved) => FeedRecipients::all(involved.people(), &data(key.1, involved.about)),
        None => FeedRecipients::none(),
    }
}

/// Returns the ids and codes of the part of the slot that an event is about.
fn data(slot_id: Uuid, about: Involvement) -> FrameData {
    match about {
        Involvement::Teacher | Involvement::Everyone | Involvement::Participants => {
            SlotData { slot_id }.into()
        }
        Involvement::Proposal(proposal_id) => {
            ProposalData { slot_id, proposal_id: proposal_id.uuid() }.into()
        }
        Involvement::Booking { booking_id, .. } => {
            BookingData { slot_id, booking_id: booking_id.uuid() }.into()
        }
        Involvement::Hold(hold_id) => HoldData { slot_id, hold_id: hold_id.uuid() }.into(),
        Involvement::WaitlistEntry(entry_id) => {
            WaitlistEntryData { slot_id, entry_id: entry_id.uuid() }.into()
        }
        Involvement::Reminder { lead, .. } => ReminderData { slot_id, lead: lead.as_str() }.into(),
    }
}
