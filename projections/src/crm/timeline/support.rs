//! Timeline entries of ticket events, for the requester and the agents, without the texts of the ticket.

use domain::support::TicketEvent;
use domain::{AccountId, RecordedEvent};
use serde_json::{Value, json};

use super::audiences::NewTimelineEntry;

/// Returns the entries of one event.
pub(super) fn entries_for(recorded: &RecordedEvent, event: &TicketEvent) -> Vec<NewTimelineEntry> {
    let requester = event.requester();
    let entry = |person: AccountId, more: Value| {
        let mut params = json!({ "ticket_id": recorded.stream.aggregate_id });
        if let (Value::Object(params), Value::Object(more)) = (&mut params, more) {
            params.extend(more);
        }
        NewTimelineEntry { person, params }
    };
    let own = |more: Value| vec![entry(requester, more)];
    // The requester and the agent each get an entry with the other's name. One person gets one entry.
    let both = |agent: AccountId, more: Value| {
        let mut of_agent = more.clone();
        let mut of_requester = more;
        of_requester["with"] = json!(agent);
        of_agent["with"] = json!(requester);
        of_agent["part"] = json!("agent");
        let agent = (agent != requester).then(|| entry(agent, of_agent));
        [entry(requester, of_requester)].into_iter().chain(agent).collect()
    };
    match event {
        TicketEvent::TicketOpened { priority, channel, .. } => {
            own(json!({ "priority": priority, "channel": channel }))
        }
        TicketEvent::TicketAssigned { agent, by, .. } => both(*agent, json!({ "by": by })),
        TicketEvent::TicketUnassigned { agent, .. } => both(*agent, json!({})),
        TicketEvent::PriorityChanged { from, to, .. } => own(json!({ "from": from, "to": to })),
        TicketEvent::CategoryChanged { .. } => own(json!({})),
        TicketEvent::TagsChanged { tags, .. } => own(json!({ "tags": tags.len() })),
        TicketEvent::ReplyAdded { author, .. } if *author == requester => own(json!({ "own": true })),
        TicketEvent::ReplyAdded { author, .. } | TicketEvent::InternalNoteAdded { author, .. } => {
            both(*author, json!({}))
        }
        TicketEvent::StatusChanged { from, to, cause, .. } => {
            own(json!({ "from": from, "to": to, "cause": cause }))
        }
        TicketEvent::TicketReopened { from, cause, .. } => own(json!({ "from": from, "cause": cause })),
        TicketEvent::TicketMerged { into, .. } => own(json!({ "into": into })),
        TicketEvent::TicketUnmerged { from, .. } => own(json!({ "from": from })),
        TicketEvent::DuplicateReceived { duplicate, .. }
        | TicketEvent::DuplicateReturned { duplicate, .. } => own(json!({ "duplicate": duplicate })),
        TicketEvent::FirstResponseBreached { due_at, policy_version, .. }
        | TicketEvent::ResolutionBreached { due_at, policy_version, .. } => {
            own(json!({ "due_at": due_at, "policy_version": policy_version }))
        }
        TicketEvent::SatisfactionRated { rating, agent, .. } => match agent {
            Some(agent) => both(*agent, json!({ "rating": rating })),
            None => own(json!({ "rating": rating })),
        },
    }
}
