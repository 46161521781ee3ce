//! Outgoing frames: `{position,type,data}` for events of the log, without a position for everything else.

use axum::extract::ws::Utf8Bytes;
use domain::{AccountId, ConversationId, Position, TicketId};
use projections::live::FeedRow;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// Frame of an event. `projections::live::FRAME_TYPES` has its types and their data.
#[derive(Serialize)]
struct EventFrame<'a> {
    position: Position,
    #[serde(rename = "type")]
    kind: &'a str,
    data: &'a Value,
}

/// Frame that is no event of the log.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ServerFrame {
    /// First frame; the events after this position follow.
    Ready {
        #[schemars(with = "u64")]
        position: Position,
        data: NoData,
    },
    /// Missed events are no longer available.
    ///
    /// The client fetches everything that it shows again.
    Reload { data: NoData },
    /// Another participant of a conversation types.
    ///
    /// The ids are at the top level as well, as in the client's own frame.
    Typing { conversation_id: Uuid, account_id: Uuid, data: TypingData },
    /// A person comes online or goes offline.
    Presence { data: PresenceData },
    /// Other agents look at a ticket.
    Viewing { data: ViewingData },
    /// The client's frame is invalid or not allowed.
    Error { code: &'static str, data: ErrorData },
    /// Answer to `ping`: browsers cannot send the ping of the protocol.
    Pong { data: NoData },
}

/// Nothing: the type says all.
#[derive(Serialize, JsonSchema)]
pub(crate) struct NoData {}

/// Participant who types.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TypingData {
    conversation_id: Uuid,
    account_id: Uuid,
}

/// Person with their presence.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PresenceData {
    account_id: Uuid,
    /// True if the person has an open socket.
    online: bool,
}

/// Ticket with the other agents who have it open.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ViewingData {
    ticket_id: Uuid,
    /// The other agents.
    agents: Vec<ViewingAgent>,
}

/// Fault of the client's frame.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ErrorData {
    code: &'static str,
}

/// Agent as shown to the other viewers of a ticket.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ViewingAgent {
    /// Id of the agent's account.
    #[schemars(with = "Uuid")]
    pub(super) id: AccountId,
    /// Name of the agent; null if it is erased.
    pub(super) name: Option<String>,
}

/// Frame of an event.
pub(super) fn event(row: &FeedRow) -> Utf8Bytes {
    to_text(&EventFrame { position: row.position, kind: &row.kind, data: &row.data })
}

/// First frame; the events after this position follow.
pub(super) fn ready(position: Position) -> Utf8Bytes {
    to_text(&ServerFrame::Ready { position, data: NoData {} })
}

/// Missed events are no longer available; the client fetches everything that it shows again.
pub(super) fn reload() -> Utf8Bytes {
    to_text(&ServerFrame::Reload { data: NoData {} })
}

/// A participant is typing in a conversation.
pub(super) fn typing(conversation: ConversationId, who: AccountId) -> Utf8Bytes {
    let (conversation_id, account_id) = (conversation.uuid(), who.uuid());
    let data = TypingData { conversation_id, account_id };
    to_text(&ServerFrame::Typing { conversation_id, account_id, data })
}

/// A person comes online or goes offline.
pub(super) fn presence(who: AccountId, online: bool) -> Utf8Bytes {
    to_text(&ServerFrame::Presence { data: PresenceData { account_id: who.uuid(), online } })
}

/// Other agents who look at a ticket.
pub(super) fn viewing(ticket: TicketId, others: Vec<ViewingAgent>) -> Utf8Bytes {
    to_text(&ServerFrame::Viewing { data: ViewingData { ticket_id: ticket.uuid(), agents: others } })
}

/// The client's frame is invalid or not allowed.
pub(super) fn error(code: &'static str) -> Utf8Bytes {
    to_text(&ServerFrame::Error { code, data: ErrorData { code } })
}

/// Answer to `{"type":"ping"}`: browsers cannot send the protocol's own ping.
pub(super) fn pong() -> Utf8Bytes {
    to_text(&ServerFrame::Pong { data: NoData {} })
}

fn to_text(frame: &impl Serialize) -> Utf8Bytes {
    serde_json::to_string(frame).expect("a frame is plain data").into()
}
