//! Reasons to close a socket, with their close codes (RFC 6455, 7.4; codes from 4000 on are Kafedra's own).

use axum::extract::ws::CloseFrame;

/// Reason for which a socket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// The OS process stops; the client connects again and reaches another one.
    GoingAway,
    /// The client sent a frame that is not text.
    Binary,
    /// The client sent a frame that is longer than allowed.
    TooLarge,
    /// The client sent bytes that are not a WebSocket frame.
    BrokenFrame,
    /// The session was signed out or revoked, has expired, or its account was suspended or erased.
    /// The client signs in again.
    SessionEnded,
    /// A frame was not sent in time. The client connects again with its last position.
    TooSlow,
    /// The client sent more frames than allowed.
    TooFrequent,
    /// The database is unavailable. The client connects again later with its last position.
    Unavailable,
    /// The client closed the socket.
    ClientClosed,
    /// The connection is lost, or the client does not answer pings.
    ConnectionLost,
}

impl CloseReason {
    /// Returns the close code; reasons without a close frame have the code that client libraries report.
    pub fn code(self) -> u16 {
        match self {
            CloseReason::ClientClosed => 1000,
            CloseReason::GoingAway => 1001,
            CloseReason::BrokenFrame => 1002,
            CloseReason::Binary => 1003,
            CloseReason::ConnectionLost => 1006,
            CloseReason::TooLarge => 1009,
            CloseReason::SessionEnded => 4401,
            CloseReason::TooSlow => 4408,
            CloseReason::TooFrequent => 4429,
            CloseReason::Unavailable => 4503,
        }
    }

    /// Returns the reason in snake_case, for the close frame and the metric label.
    pub fn as_str(self) -> &'static str {
        match self {
            CloseReason::GoingAway => "going_away",
            CloseReason::Binary => "binary_refused",
            CloseReason::TooLarge => "frame_too_large",
            CloseReason::BrokenFrame => "broken_frame",
            CloseReason::SessionEnded => "session_ended",
            CloseReason::TooSlow => "too_slow",
            CloseReason::TooFrequent => "too_frequent",
            CloseReason::Unavailable => "unavailable",
            CloseReason::ClientClosed => "left",
            CloseReason::ConnectionLost => "silent",
        }
    }

    /// Returns the close frame; `None` if no client is left to read it.
    pub fn frame(self) -> Option<CloseFrame> {
        match self {
            CloseReason::ClientClosed | CloseReason::ConnectionLost => None,
            CloseReason::GoingAway
            | CloseReason::Binary
            | CloseReason::TooLarge
            | CloseReason::BrokenFrame
            | CloseReason::SessionEnded
            | CloseReason::TooSlow
            | CloseReason::TooFrequent
            | CloseReason::Unavailable => {
                Some(CloseFrame { code: self.code(), reason: self.as_str().into() })
            }
        }
    }
}
