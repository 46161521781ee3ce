//! Why a socket is closed, and by which code its client is told (RFC 6455, 7.4; 4000 and up are ours).

use axum::extract::ws::CloseFrame;

/// The end of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The process stops: connect again, another one answers.
    GoingAway,
    /// A frame that is not text.
    Binary,
    /// A frame that is longer than allowed.
    TooLarge,
    /// What came is no WebSocket frame.
    Broken,
    /// The session was signed out or revoked, has expired, or its account was suspended or erased: sign in.
    SessionEnded,
    /// A frame did not leave in time: connect again with the last position.
    TooSlow,
    /// More frames than allowed.
    TooFrequent,
    /// The database is away: connect again later with the last position.
    Unavailable,
    /// The client said goodbye.
    Left,
    /// The client is not there any more: nobody to tell.
    Silent,
}

impl Close {
    /// The code; those without a frame as the client's own library reports them.
    pub fn code(self) -> u16 {
        match self {
            Close::Left => 1000,
            Close::GoingAway => 1001,
            Close::Broken => 1002,
            Close::Binary => 1003,
            Close::Silent => 1006,
            Close::TooLarge => 1009,
            Close::SessionEnded => 4401,
            Close::TooSlow => 4408,
            Close::TooFrequent => 4429,
            Close::Unavailable => 4503,
        }
    }

    /// snake_case; the reason beside the code.
    pub fn reason(self) -> &'static str {
        match self {
            Close::GoingAway => "going_away",
            Close::Binary => "binary_refused",
            Close::TooLarge => "frame_too_large",
            Close::Broken => "broken_frame",
            Close::SessionEnded => "session_ended",
            Close::TooSlow => "too_slow",
            Close::TooFrequent => "too_frequent",
            Close::Unavailable => "unavailable",
            Close::Left => "left",
            Close::Silent => "silent",
        }
    }

    /// What the client is told; nothing where nobody hears it.
    pub fn frame(self) -> Option<CloseFrame> {
        match self {
            Close::Left | Close::Silent => None,
            Close::GoingAway
            | Close::Binary
            | Close::TooLarge
            | Close::Broken
            | Close::SessionEnded
            | Close::TooSlow
            | Close::TooFrequent
            | Close::Unavailable => Some(CloseFrame { code: self.code(), reason: self.reason().into() }),
        }
    }
}
