//! Timeline entries of conversation events, for the participants, without the texts of messages.

use domain::messaging::ConversationEvent;
use domain::{AccountId, RecordedEvent};
use serde_json::{Value, json};

use super::audiences::NewTimelineEntry;

/// Returns the entries of one event.
pub(super) fn entries_for(recorded: &RecordedEvent, event: &ConversationEvent) -> Vec<NewTimelineEntry> {
    let entry = |person: AccountId, more: Value| {
        let mut params = json!({ "conversation_id": recorded.stream.aggregate_id });
        if let (Value::Object(params), Value::Object(more)) = (&mut params, more) {
            params.extend(more);
        }
        NewTimelineEntry { person, params }
    };
    match event {
        ConversationEvent::ConversationStarted { kind, participants, .. } => {
            participants.iter().map(|participant| entry(*participant, json!({ "kind": kind }))).collect()
        }
        ConversationEvent::MessageSent { sender, message_id, attachments, .. } => {
            vec![entry(*sender, json!({ "message_id": message_id, "attachments": attachments.len() }))]
        }
        // Only the author of a message can edit it.
        ConversationEvent::MessageEdited { message_id, .. } => {
            let author = recorded.metadata.actor.account();
            author.into_iter().map(|author| entry(author, json!({ "message_id": message_id }))).collect()
        }
        ConversationEvent::MessageDeleted { message_id, by, .. }
        | ConversationEvent::MessageReported { message_id, by, .. } => {
            vec![entry(*by, json!({ "message_id": message_id }))]
        }
        ConversationEvent::ConversationRead { participant, up_to }
        | ConversationEvent::ConversationCleared { participant, up_to } => {
            vec![entry(*participant, json!({ "up_to": up_to }))]
        }
        ConversationEvent::ParticipantBlocked { by, .. }
        | ConversationEvent::ParticipantUnblocked { by, .. } => vec![entry(*by, json!({}))],
        ConversationEvent::ParticipantJoined { participant }
        | ConversationEvent::ParticipantLeft { participant }
        | ConversationEvent::ConversationArchived { participant }
        | ConversationEvent::ConversationUnarchived { participant }
        | ConversationEvent::ConversationHidden { participant } => vec![entry(*participant, json!({}))],
    }
}
