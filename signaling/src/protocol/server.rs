//! Frames from the server: `{"t", "re"?, "seq", "d"}`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Grants, Role, Source};

/// One frame from the server. `re` is the `id` of the request it answers; `seq` rises by one per session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServerFrame {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub re: Option<u32>,
    pub seq: u64,
    #[serde(flatten)]
    pub message: ServerMessage,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "d")]
pub enum ServerMessage {
    #[serde(rename = "ok")]
    Ok,
    #[serde(rename = "error")]
    Error(ErrorBody),
    /// Answer to `hello`: the whole state as this participant may see it.
    #[serde(rename = "welcome")]
    Welcome(Box<Welcome>),
    /// All waiting participants, for moderators.
    #[serde(rename = "lobby")]
    Lobby { waiting: Vec<ParticipantInfo> },
    /// This participant left the lobby and is in the room.
    #[serde(rename = "admitted")]
    Admitted(Box<RoomState>),
    /// The teacher refused entry or sent this participant back into the lobby.
    #[serde(rename = "denied")]
    Denied { reason: DeniedReason },
    #[serde(rename = "pub.answer")]
    PubAnswer { sdp: String, tracks: Vec<TrackInfo> },
    #[serde(rename = "sub.offer")]
    SubOffer { nid: u32, sdp: String, map: Vec<MidMap> },
    #[serde(rename = "participant")]
    Participant { op: ParticipantOp, participant: ParticipantInfo },
    #[serde(rename = "track")]
    Track { op: TrackOp, track: TrackInfo },
    /// Active speakers, loudest first.
    #[serde(rename = "speakers")]
    Speakers { participants: Vec<String> },
    #[serde(rename = "chat")]
    Chat(ChatMessage),
    /// Raised hands, first raised first.
    #[serde(rename = "hands")]
    Hands { participants: Vec<String> },
    #[serde(rename = "room")]
    Room { locked: bool, ends_at: String },
    #[serde(rename = "grants")]
    Grants(Grants),
    #[serde(rename = "quality")]
    Quality { participant: String, level: QualityLevel },
    /// The last frame before a close, or the order to move elsewhere.
    #[serde(rename = "bye")]
    Bye { code: u16, action: ByeAction, retry_ms: u32 },
    #[serde(rename = "pong")]
    Pong,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorBody {
    pub code: ErrorCode,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_ms: Option<u32>,
}

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The frame is not of this protocol.
    BadMessage,
    /// The session description is unusable or offers what is not allowed.
    BadSdp,
    /// The request does not fit the state, for example a second `hello`.
    WrongState,
    /// The participant lacks the grant.
    NotAllowed,
    /// The named participant is not in this lesson.
    UnknownParticipant,
    /// The named track is not in this lesson, or not the caller's.
    UnknownTrack,
    /// The answer belongs to an offer that is no longer open.
    StaleAnswer,
    TooFast,
    TooLong,
    /// Recording is not available.
    RecordingUnavailable,
    Internal,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Welcome {
    pub sid: String,
    pub resume_secret: String,
    /// Id of this participant.
    pub me: String,
    pub role: Role,
    pub grants: Grants,
    pub state: Presence,
    /// `true` when an earlier session was taken up again.
    pub resumed: bool,
    #[serde(flatten)]
    pub room: RoomState,
    pub limits: Limits,
}

/// The room as a participant inside sees it; empty in the lobby.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RoomState {
    pub participants: Vec<ParticipantInfo>,
    pub tracks: Vec<TrackInfo>,
    pub locked: bool,
    pub hands: Vec<String>,
    pub chat_tail: Vec<ChatMessage>,
    pub starts_at: String,
    pub ends_at: String,
    /// Always `false`: no recorder exists.
    pub recording: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    Lobby,
    In,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    pub frame_bytes: u32,
    pub sdp_bytes: u32,
    pub chat_chars: u32,
    pub tracks: u32,
    pub resume_seconds: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ParticipantInfo {
    pub id: String,
    pub name: String,
    pub role: Role,
    /// `false` while the connection is lost and may still resume.
    pub connected: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrackInfo {
    pub id: String,
    pub participant: String,
    pub source: Source,
    pub muted: bool,
    /// `true` when a moderator muted it; only its owner unmutes it.
    pub muted_by_moderator: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MidMap {
    pub mid: String,
    pub track: String,
    pub participant: String,
    pub source: Source,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChatMessage {
    pub id: String,
    pub participant: String,
    pub name: String,
    pub text: String,
    pub at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParticipantOp {
    Joined,
    Changed,
    Left,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrackOp {
    Added,
    Changed,
    Removed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeniedReason {
    Denied,
    ToLobby,
    Removed,
    Banned,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QualityLevel {
    Poor,
    Fair,
    Good,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ByeAction {
    /// Connect again and resume the session.
    Resume,
    /// Ask for a new token and join again.
    Rejoin,
    /// Do not connect again.
    Stop,
}
