//! Frames from the client: `{"t", "id"?, "d"}`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Quality, Source};

/// One frame from the client. A frame with an `id` is a request and gets exactly one `ok` or `error`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientFrame {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    #[serde(flatten)]
    pub message: ClientMessage,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "d")]
pub enum ClientMessage {
    /// First frame of a connection, within 5 s.
    #[serde(rename = "hello")]
    Hello(Hello),
    /// Offer of the publishing connection: everything this participant sends.
    #[serde(rename = "pub.offer")]
    PubOffer(PubOffer),
    /// Answer to the offer with this number.
    #[serde(rename = "sub.answer")]
    SubAnswer { nid: u32, sdp: String },
    /// Which tracks this participant wants, and in which layer.
    #[serde(rename = "sub.want")]
    SubWant { set: Vec<Want> },
    /// Asks for new ICE credentials of the receiving connection.
    #[serde(rename = "ice.restart")]
    IceRestart { pc: RestartTarget },
    /// Mutes or unmutes a track of this participant.
    #[serde(rename = "track.mute")]
    TrackMute { track: String, muted: bool },
    #[serde(rename = "chat.send")]
    ChatSend { text: String },
    #[serde(rename = "hand")]
    Hand { up: bool },
    /// Moderation; needs the grant `moderate`.
    #[serde(rename = "mod")]
    Moderate(Moderation),
    /// Answers whether this participant agrees to a recording.
    #[serde(rename = "record.consent")]
    RecordConsent { agreed: bool },
    /// Measurements of the browser, every 10 s.
    #[serde(rename = "stats")]
    Stats(ClientStats),
    #[serde(rename = "ping")]
    Ping,
    #[serde(rename = "leave")]
    Leave,
}

/// Opens a session with a token, or takes one up again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hello {
    Token(String),
    Resume(Resume),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Resume {
    pub sid: String,
    pub secret: String,
    /// Sequence number of the last frame that the client has handled.
    pub last_seq: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PubOffer {
    pub sdp: String,
    #[serde(default)]
    pub ice_restart: bool,
    pub tracks: Vec<OfferedTrack>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OfferedTrack {
    pub mid: String,
    pub source: Source,
    #[serde(default)]
    pub muted: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Want {
    pub track: String,
    #[serde(default = "yes")]
    pub on: bool,
    #[serde(default)]
    pub q: Quality,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RestartTarget {
    Sub,
}

/// One act of moderation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moderation {
    pub op: ModOp,
    /// Participant concerned. `mute` without a target concerns all participants except the moderator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModOp {
    Admit,
    Deny,
    ToLobby,
    Mute,
    StopVideo,
    /// Puts a participant out; only an explicit `admit` lets this person in again.
    Remove,
    /// Puts a participant out for the rest of the lesson.
    Ban,
    Lock,
    Unlock,
    /// Allows a source.
    Grant,
    /// Forbids a source.
    Revoke,
    LowerHand,
    /// Starts a recording; refused, because no recorder exists.
    Record,
    End,
}

/// Measurements of the browser since the last report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientStats {
    #[serde(default)]
    pub rtt_ms: Option<f64>,
    /// Share of packets lost on the way down, 0…1.
    #[serde(default)]
    pub loss: Option<f64>,
    #[serde(default)]
    pub jitter_ms: Option<f64>,
    #[serde(default)]
    pub freezes: u32,
    #[serde(default)]
    pub freeze_ms: u32,
    /// Milliseconds from `hello` to the first decoded frame; sent once.
    #[serde(default)]
    pub join_ms: Option<u32>,
}
