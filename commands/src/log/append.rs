//! What is appended together: events on streams, what they claim, whose keys come and go.

use domain::{AccountId, Claim, ClaimRefused, CommandId, StreamId};

/// Stream writes that succeed or fail together.
#[derive(Clone, Debug)]
pub(crate) struct Append {
    pub command_id: CommandId,
    pub writes: Vec<StreamWrite>,
    /// Data keys made for people who had none, wrapped by the master key.
    pub new_keys: Vec<(AccountId, Vec<u8>)>,
}

/// Events for one stream, at the version that was seen.
#[derive(Clone, Debug)]
pub(crate) struct StreamWrite {
    pub stream: StreamId,
    pub expected_version: u64,
    /// The command whose events stood at that version while they were on their way; `None` where they
    /// were committed.
    pub decided_on: Option<CommandId>,
    pub events: Vec<EncodedEvent>,
}

/// An event in the form in which it is stored; payload and metadata are JSON texts, sealed.
#[derive(Clone, Debug)]
pub(crate) struct EncodedEvent {
    pub event_type: String,
    pub event_version: String,
    pub payload: String,
    pub metadata: String,
    /// SHA-256 of the two texts in hex: what the leaf hash takes of them.
    pub payload_sha256: String,
    pub metadata_sha256: String,
    pub claims: Vec<Claim>,
    pub erases: Option<AccountId>,
}

/// An append is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CommittedRange {
    pub first_position: u64,
    pub last_position: u64,
    /// The command id was there already, and nothing was appended now.
    pub duplicate: bool,
}

impl Append {
    pub fn event_count(&self) -> u64 {
        self.writes.iter().map(|write| write.events.len() as u64).sum()
    }
}

impl CommittedRange {
    /// So many of these events, after those before them.
    pub fn slice(self, before: u64, events: u64) -> Self {
        let first_position = self.first_position + before;
        Self { first_position, last_position: first_position + events - 1, ..self }
    }
}

/// Why one append is not in the log; its neighbours in the batch are not touched by it.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum AppendError {
    #[error("the stream has moved on")]
    Stale,
    /// `taker` is the aggregate type whose event wanted the claim.
    #[error("a claim is held by another")]
    Claimed { taker: String, claim: ClaimRefused },
    /// Another process made the person's first key at the same moment.
    #[error("the key of a person is another one")]
    KeyConflict,
    #[error("the log is not available: {0}")]
    Unavailable(String),
    #[error("the log refuses the append: {0}")]
    Fault(String),
}
