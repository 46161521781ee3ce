//! Messages of sockets and of the node to a room.

use tokio::sync::oneshot;
use uuid::Uuid;

use super::sink::Sink;
use crate::protocol::{ClientFrame, CloseCode};
use crate::token::Claims;

/// Message of a socket or of the node to a room.
pub enum RoomMessage {
    Join {
        claims: Box<Claims>,
        session: Uuid,
        sink: Sink,
        reply: oneshot::Sender<Result<(), CloseCode>>,
    },
    Resume {
        session: Uuid,
        last_seq: u64,
        sink: Sink,
        reply: oneshot::Sender<Option<Uuid>>,
    },
    Frame {
        session: Uuid,
        frame: ClientFrame,
    },
    Refuse {
        session: Uuid,
        re: Option<u32>,
        code: crate::protocol::ErrorCode,
        retry_ms: Option<u32>,
    },
    Lost {
        session: Uuid,
        sink: u64,
    },
    /// Another node has claimed the lesson.
    Fenced,
    /// Tells people to move; `End` follows at the limit.
    Drain,
    End,
}
