//! Recipients of ticket events.

use domain::support::TicketEvent;

use super::audiences::{FeedAudience, FeedAudiences};
use super::data::{FrameData, TicketData, TicketReplyData};
use super::recipients::FeedRecipients;
use crate::audience_cache::StreamKey;

/// Returns the requester and the assigned agent; internal events of the support desk go to the agent alone.
pub(super) fn recipients_of(
    audiences: &mut FeedAudiences,
    key: &StreamKey,
    event: &TicketEvent,
) -> FeedRecipients {
    if let TicketEvent::TicketOpened { .. } = event {
        audiences.insert_new(key.clone(), FeedAudience::Ticket { agent: None });
    }
    let Some(FeedAudience::Ticket { agent }) = audiences.get_mut(key) else { return FeedRecipients::none() };
    let ticket = FrameData::from(TicketData { ticket_id: key.1 });
    let both = |requester, data: &FrameData| FeedRecipients::all([requester].into_iter().chain(*agent), data);
    match event {
        TicketEvent::TicketOpened { requester, .. }
        | TicketEvent::PriorityChanged { requester, .. }
        | TicketEvent::CategoryChanged { requester, .. }
        | TicketEvent::StatusChanged { requester, .. }
        | TicketEvent::TicketReopened { requester, .. }
        | TicketEvent::TicketMerged { requester, .. }
        | TicketEvent::TicketUnmerged { requester, .. }
        | TicketEvent::SatisfactionRated { requester, .. } => both(*requester, &ticket),
        TicketEvent::ReplyAdded { requester, reply_id, .. } => {
            both(*requester, &TicketReplyData { ticket_id: key.1, reply_id: reply_id.uuid() }.into())
        }
        TicketEvent::TicketAssigned { requester, agent: to, before, .. } => {
            *agent = Some(*to);
            FeedRecipients::all([*requester, *to].into_iter().chain(*before), &ticket)
        }
        TicketEvent::TicketUnassigned { requester, agent: from } => {
            *agent = None;
            FeedRecipients::all([*requester, *from], &ticket)
        }
        TicketEvent::InternalNoteAdded { .. }
        | TicketEvent::TagsChanged { .. }
        | TicketEvent::DuplicateReceived { .. }
        | TicketEvent::DuplicateReturned { .. }
        | TicketEvent::FirstResponseBreached { .. }
        | TicketEvent::ResolutionBreached { .. } => FeedRecipients::all(*agent, &ticket),
    }
}
