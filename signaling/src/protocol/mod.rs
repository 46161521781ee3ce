//! The wire protocol `kafedra.rtc.v1`: JSON text frames, their limits and the close codes.

mod client;
mod schema;
mod server;

pub use client::{
    ClientFrame, ClientMessage, ClientStats, Hello, ModOp, Moderation, OfferedTrack, PubOffer, RestartTarget,
    Resume, Want,
};
pub use schema::schema;
pub use server::{
    ByeAction, ChatMessage, DeniedReason, ErrorBody, ErrorCode, Limits, MidMap, ParticipantInfo,
    ParticipantOp, Presence, QualityLevel, RoomState, ServerFrame, ServerMessage, TrackInfo, TrackOp,
    Welcome,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// WebSocket subprotocol that client and server must agree on.
pub const SUBPROTOCOL: &str = "kafedra.rtc.v1";
/// Longest text frame in bytes.
pub const MAX_FRAME: usize = 64 * 1024;
/// Longest session description in bytes.
pub const MAX_SDP: usize = 32 * 1024;
/// Longest chat message in characters.
pub const MAX_CHAT: usize = 4_000;
/// Most tracks that one participant publishes.
pub const MAX_TRACKS: usize = 4;
/// Seconds within which a lost connection may resume its session.
pub const RESUME_SECONDS: i64 = 30;

/// Role of a participant in this lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Teacher,
    Student,
    /// Receives everything, sends no media, and is visible to all.
    Observer,
}

/// Where a published track comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Mic,
    Camera,
    Screen,
    ScreenAudio,
}

impl Source {
    /// Returns `true` for sources that carry pictures.
    pub fn is_video(self) -> bool {
        matches!(self, Self::Camera | Self::Screen)
    }
}

/// Grants of a participant; the token sets them, the teacher changes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Grants {
    /// Sources that the participant may publish.
    pub publish: Vec<Source>,
    /// May write into the chat.
    pub chat: bool,
    /// May moderate: lobby, mute, removal, lock, end.
    pub moderate: bool,
    /// May start a recording. No recorder exists yet, so this is always `false`.
    #[serde(default)]
    pub record: bool,
}

impl Grants {
    /// Returns the grants a role begins with.
    pub fn of_role(role: Role) -> Self {
        let all = vec![Source::Mic, Source::Camera, Source::Screen, Source::ScreenAudio];
        match role {
            Role::Teacher => Self { publish: all, chat: true, moderate: true, record: false },
            Role::Student => Self { publish: all, chat: true, moderate: false, record: false },
            Role::Observer => Self { publish: Vec::new(), chat: false, moderate: false, record: false },
        }
    }
}

/// Simulcast layer that a receiver asks for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    Low,
    Mid,
    #[default]
    High,
}

/// Why a socket was closed; the number is the WebSocket close code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseCode {
    BadMessage,
    Token,
    NotAllowed,
    /// No `hello` within 5 s, no frame within 35 s, or a client that does not read.
    Timeout,
    Replaced,
    Ended,
    TooLarge,
    TooFast,
    Internal,
    Draining,
}

impl CloseCode {
    /// All close codes, in ascending order.
    pub const ALL: [Self; 10] = [
        Self::BadMessage,
        Self::Token,
        Self::NotAllowed,
        Self::Timeout,
        Self::Replaced,
        Self::Ended,
        Self::TooLarge,
        Self::TooFast,
        Self::Internal,
        Self::Draining,
    ];

    /// Returns the WebSocket close code.
    pub fn number(self) -> u16 {
        match self {
            Self::BadMessage => 4400,
            Self::Token => 4401,
            Self::NotAllowed => 4403,
            Self::Timeout => 4408,
            Self::Replaced => 4409,
            Self::Ended => 4410,
            Self::TooLarge => 4413,
            Self::TooFast => 4429,
            Self::Internal => 4500,
            Self::Draining => 4503,
        }
    }

    /// Returns what the client does after this close.
    pub fn action(self) -> ByeAction {
        match self {
            Self::Internal | Self::Draining | Self::TooFast | Self::Timeout | Self::Token => {
                ByeAction::Rejoin
            }
            _ => ByeAction::Stop,
        }
    }
}
