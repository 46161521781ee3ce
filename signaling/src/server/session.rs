//! One person's session: its frames in order, kept for a resume.

use std::collections::VecDeque;

use axum::extract::ws::Utf8Bytes;
use uuid::Uuid;

use super::sink::{Outgoing, Sink};
use crate::media::Legs;
use crate::protocol::{ByeAction, CloseCode, ErrorBody, ErrorCode, ServerFrame, ServerMessage};

/// Most frames kept for a resume.
const KEPT: usize = 512;
/// Most bytes kept for a resume.
const KEPT_BYTES: usize = 1 << 20;

/// A session of one participant.
pub struct Session {
    pub id: Uuid,
    pub participant: Uuid,
    pub legs: Legs,
    seq: u64,
    kept: VecDeque<(u64, Utf8Bytes)>,
    kept_bytes: usize,
    sink: Option<Sink>,
}

impl Session {
    pub fn new(id: Uuid, participant: Uuid, legs: Legs, sink: Sink) -> Self {
        Self { id, participant, legs, seq: 0, kept: VecDeque::new(), kept_bytes: 0, sink: Some(sink) }
    }

    /// Sends a frame and keeps it.
    pub fn send(&mut self, re: Option<u32>, message: ServerMessage) {
        self.seq += 1;
        let frame = ServerFrame { re, seq: self.seq, message };
        let Ok(text) = serde_json::to_string(&frame) else {
            tracing::error!(session = %self.id, "a frame cannot be written");
            return;
        };
        let text = Utf8Bytes::from(text);
        self.kept_bytes += text.len();
        self.kept.push_back((self.seq, text.clone()));
        while self.kept.len() > KEPT || self.kept_bytes > KEPT_BYTES {
            let Some((_, oldest)) = self.kept.pop_front() else { break };
            self.kept_bytes -= oldest.len();
        }
        self.push(Outgoing::Frame(text));
    }

    /// Answers a request, if it wants an answer.
    pub fn answer(&mut self, re: Option<u32>, result: Result<(), ErrorCode>) {
        match (re, result) {
            (Some(_), Ok(())) => self.send(re, ServerMessage::Ok),
            (_, Err(code)) => self.refuse(re, code, None),
            (None, Ok(())) => {}
        }
    }

    pub fn refuse(&mut self, re: Option<u32>, code: ErrorCode, retry_ms: Option<u32>) {
        let message = explain(code).to_owned();
        self.send(re, ServerMessage::Error(ErrorBody { code, message, retry_ms }));
    }

    /// Says good-bye and closes the socket.
    pub fn bye(&mut self, code: CloseCode, retry_ms: u32) {
        self.tell_bye(code, code.action(), retry_ms);
        self.push(Outgoing::Close { code: code.number(), reason: "bye" });
        self.sink = None;
    }

    /// Says good-bye and leaves the socket open: media goes on until the client moves.
    pub fn tell_bye(&mut self, code: CloseCode, action: ByeAction, retry_ms: u32) {
        self.send(None, ServerMessage::Bye { code: code.number(), action, retry_ms });
    }

    /// Closes the socket after a `leave`.
    pub fn close_normally(&mut self) {
        self.push(Outgoing::Close { code: 1000, reason: "left" });
        self.sink = None;
    }

    /// Takes a new socket; returns `false` if frames after `last_seq` are no longer kept.
    pub fn can_resume(&self, last_seq: u64) -> bool {
        let oldest = self.kept.front().map_or(self.seq + 1, |(seq, _)| *seq);
        last_seq <= self.seq && last_seq + 1 >= oldest
    }

    /// Attaches the socket, sends `welcome` and then what the client has missed.
    pub fn resume(&mut self, sink: Sink, last_seq: u64, welcome: ServerMessage) {
        let missed: Vec<Utf8Bytes> =
            self.kept.iter().filter(|(seq, _)| *seq > last_seq).map(|(_, text)| text.clone()).collect();
        self.sink = Some(sink);
        self.send(None, welcome);
        for text in missed {
            self.push(Outgoing::Frame(text));
        }
    }

    /// Forgets the socket with this number. Returns `false` if a newer one has taken its place.
    pub fn detach(&mut self, number: u64) -> bool {
        // A session that is dropped for not reading has no socket either.
        let is_last = self.sink.as_ref().is_none_or(|sink| sink.number == number);
        if is_last {
            self.sink = None;
        }
        is_last
    }

    /// Sends to the socket. A client that does not read loses its socket, and may resume.
    fn push(&mut self, outgoing: Outgoing) {
        if let Some(sink) = &self.sink
            && !sink.push(outgoing)
        {
            self.sink = None;
        }
    }
}

/// Returns the sentence that goes with a code.
pub fn explain(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::BadMessage => "The frame is not of this protocol.",
        ErrorCode::BadSdp => "The session description is unusable.",
        ErrorCode::WrongState => "The request does not fit the present state.",
        ErrorCode::NotAllowed => "The participant may not do this.",
        ErrorCode::UnknownParticipant => "No participant with this id is in the lesson.",
        ErrorCode::UnknownTrack => "No such track is in the lesson.",
        ErrorCode::StaleAnswer => "The offer is no longer open.",
        ErrorCode::TooFast => "Too many requests.",
        ErrorCode::TooLong => "The text is too long.",
        ErrorCode::RecordingUnavailable => "Lessons are not recorded.",
        ErrorCode::Internal => "The service failed.",
    }
}
