//! Recipients of ticket events.

use domain::support::TicketEvent;
use serde_json::{Value, json};

use super::audiences::{FeedAudience, FeedAudiences};
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
    let ticket = json!({ "ticket_id": key.1 });
    let both = |requester, data: &Value| FeedRecipients::all([requester].into_iter().chain(*agent), data);
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
            both(*requester, &json!({ "ticket_id": key.1, "reply_id": reply_id }))
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
