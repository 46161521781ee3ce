//! Reasons to close a socket, with their close codes (RFC 6455, 7.4; codes from 4000 on are Kafedra's own).

use axum::extract::ws::CloseFrame;

domain::code_enum!(
    /// Reason for which a socket is closed.
    CloseReason {
        /// The OS process stops; the client connects again and reaches another one.
        GoingAway = "going_away",
        /// The client sent a frame that is not text.
        Binary = "binary_refused",
        /// The client sent a frame that is longer than allowed.
        TooLarge = "frame_too_large",
        /// The client sent bytes that are not a WebSocket frame.
        BrokenFrame = "broken_frame",
        /// The session was signed out or revoked, has expired, or its account was suspended or erased.
        /// The client signs in again.
        SessionEnded = "session_ended",
        /// A frame was not sent in time. The client connects again with its last position.
        TooSlow = "too_slow",
        /// The client sent more frames than allowed.
        TooFrequent = "too_frequent",
        /// The database is unavailable. The client connects again later with its last position.
        Unavailable = "unavailable",
        /// The client closed the socket.
        ClientClosed = "left",
        /// The connection is lost, or the client does not answer pings.
        ConnectionLost = "silent",
    }
);

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
