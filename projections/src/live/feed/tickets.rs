//! Who is told what of the events of a ticket.

use domain::support::TicketEvent;
use serde_json::{Value, json};

use super::casts::{Cast, Casts};
use super::told::Told;
use crate::casts::Key;

/// The requester and the agent who has it; what the desk keeps to itself, that agent alone.
pub(super) fn tell(casts: &mut Casts, key: &Key, event: &TicketEvent) -> Told {
    if let TicketEvent::TicketOpened { .. } = event {
        casts.begin(key.clone(), Cast::Ticket { agent: None });
    }
    let Some(Cast::Ticket { agent }) = casts.change(key) else { return Told::nobody() };
    let ticket = json!({ "ticket_id": key.1 });
    let both = |requester, data: &Value| Told::all([requester].into_iter().chain(*agent), data);
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
            Told::all([*requester, *to].into_iter().chain(*before), &ticket)
        }
        TicketEvent::TicketUnassigned { requester, agent: from } => {
            *agent = None;
            Told::all([*requester, *from], &ticket)
        }
        TicketEvent::InternalNoteAdded { .. }
        | TicketEvent::TagsChanged { .. }
        | TicketEvent::DuplicateReceived { .. }
        | TicketEvent::DuplicateReturned { .. }
        | TicketEvent::FirstResponseBreached { .. }
        | TicketEvent::ResolutionBreached { .. } => Told::all(*agent, &ticket),
    }
}
