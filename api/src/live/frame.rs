//! Frames as they are written: `{position,type,data}` of what is in the log, without a position of what is not.

use axum::extract::ws::Utf8Bytes;
use domain::{AccountId, ConversationId, TicketId};
use projections::live::FeedRow;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
struct News<'a> {
    position: u64,
    #[serde(rename = "type")]
    kind: &'a str,
    data: &'a Value,
}

/// Something that happened.
pub(super) fn news(row: &FeedRow) -> Utf8Bytes {
    let news = News { position: row.position, kind: &row.kind, data: &row.data };
    serde_json::to_string(&news).expect("a frame is plain data").into()
}

/// The first frame: everything after this position follows.
pub(super) fn ready(position: u64) -> Utf8Bytes {
    text(&json!({ "position": position, "type": "ready", "data": {} }))
}

/// What was missed is not kept any more: whatever is shown has to be fetched anew.
pub(super) fn reload() -> Utf8Bytes {
    text(&json!({ "type": "reload", "data": {} }))
}

/// Somebody writes something in a conversation at this moment.
pub(super) fn typing(conversation: ConversationId, who: AccountId) -> Utf8Bytes {
    let data = json!({ "conversation_id": conversation, "account_id": who });
    // The ids stand outside as well, where the client's own frame has them.
    text(&json!({ "type": "typing", "conversation_id": conversation, "account_id": who, "data": data }))
}

/// Somebody comes or goes.
pub(super) fn presence(who: AccountId, online: bool) -> Utf8Bytes {
    text(&json!({ "type": "presence", "data": { "account_id": who, "online": online } }))
}

/// Who else looks at a ticket of the desk.
pub(super) fn viewing(ticket: TicketId, others: &[&Agent]) -> Utf8Bytes {
    text(&json!({ "type": "viewing", "data": { "ticket_id": ticket, "agents": others } }))
}

/// The client's frame was not understood or not allowed.
pub(super) fn error(code: &str) -> Utf8Bytes {
    text(&json!({ "type": "error", "code": code, "data": { "code": code } }))
}

/// The answer to `{"type":"ping"}`: browsers can not send the protocol's own.
pub(super) fn pong() -> Utf8Bytes {
    text(&json!({ "type": "pong", "data": {} }))
}

fn text(frame: &Value) -> Utf8Bytes {
    frame.to_string().into()
}

/// Somebody of the desk, as others are told of them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Agent {
    pub(super) id: AccountId,
    pub(super) name: Option<String>,
}
