//! Outgoing frames: `{position,type,data}` for events of the log, without a position for everything else.

use axum::extract::ws::Utf8Bytes;
use domain::{AccountId, ConversationId, Position, TicketId};
use projections::live::FeedRow;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
struct EventFrame<'a> {
    position: Position,
    #[serde(rename = "type")]
    kind: &'a str,
    data: &'a Value,
}

/// Frame of an event.
pub(super) fn event(row: &FeedRow) -> Utf8Bytes {
    let news = EventFrame { position: row.position, kind: &row.kind, data: &row.data };
    serde_json::to_string(&news).expect("a frame is plain data").into()
}

/// First frame; the events after this position follow.
pub(super) fn ready(position: Position) -> Utf8Bytes {
    to_text(&json!({ "position": position, "type": "ready", "data": {} }))
}

/// Missed events are no longer available; the client fetches everything that it shows again.
pub(super) fn reload() -> Utf8Bytes {
    to_text(&json!({ "type": "reload", "data": {} }))
}

/// A participant is typing in a conversation.
pub(super) fn typing(conversation: ConversationId, who: AccountId) -> Utf8Bytes {
    let data = json!({ "conversation_id": conversation, "account_id": who });
    // The ids are at the top level as well, as in the client's own frame.
    to_text(&json!({ "type": "typing", "conversation_id": conversation, "account_id": who, "data": data }))
}

/// A person comes online or goes offline.
pub(super) fn presence(who: AccountId, online: bool) -> Utf8Bytes {
    to_text(&json!({ "type": "presence", "data": { "account_id": who, "online": online } }))
}

/// Other agents who look at a ticket.
pub(super) fn viewing(ticket: TicketId, others: &[&ViewingAgent]) -> Utf8Bytes {
    to_text(&json!({ "type": "viewing", "data": { "ticket_id": ticket, "agents": others } }))
}

/// The client's frame is invalid or not allowed.
pub(super) fn error(code: &str) -> Utf8Bytes {
    to_text(&json!({ "type": "error", "code": code, "data": { "code": code } }))
}

/// Answer to `{"type":"ping"}`: browsers cannot send the protocol's own ping.
pub(super) fn pong() -> Utf8Bytes {
    to_text(&json!({ "type": "pong", "data": {} }))
}

fn to_text(frame: &Value) -> Utf8Bytes {
    frame.to_string().into()
}

/// Agent as shown to the other viewers of a ticket.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ViewingAgent {
    pub(super) id: AccountId,
    pub(super) name: Option<String>,
}
