//! The parts of an append: events of streams, their claims, and subject keys.

use domain::{AccountId, Claim, ClaimRefused, CommandId, Position, StreamId, StreamVersion};

/// Stream writes that are committed or fail together.
#[derive(Clone, Debug)]
pub(crate) struct Append {
    pub command_id: CommandId,
    pub writes: Vec<StreamWrite>,
    /// New data keys of people without one, wrapped by the master key.
    pub new_keys: Vec<(AccountId, Vec<u8>)>,
}

/// Events for one stream, decided on its expected version.
#[derive(Clone, Debug)]
pub(crate) struct StreamWrite {
    pub stream: StreamId,
    pub expected_version: StreamVersion,
    /// The command whose in-flight events led to the expected version; `None` if they were committed.
    pub decided_on: Option<CommandId>,
    pub events: Vec<EncodedEvent>,
}

/// An event in its stored form; payload and metadata are JSON texts, sealed.
#[derive(Clone, Debug)]
pub(crate) struct EncodedEvent {
    pub event_type: String,
    pub event_version: String,
    pub payload: String,
    pub metadata: String,
    /// SHA-256 of the payload in hex. The leaf hash covers this digest and that of the metadata.
    pub payload_sha256: String,
    pub metadata_sha256: String,
    pub claims: Vec<Claim>,
    pub erases: Option<AccountId>,
}

/// Positions of a committed append, first and last inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CommittedRange {
    pub first_position: Position,
    pub last_position: Position,
    /// True if the log had the command id already. Nothing was appended now.
    pub duplicate: bool,
}

impl Append {
    /// Returns the number of events in all writes.
    pub fn event_count(&self) -> u64 {
        self.writes.iter().map(|write| write.events.len() as u64).sum()
    }
}

impl CommittedRange {
    /// Returns the range of `events` events (at least 1) after the first `before`.
    pub fn slice(self, before: u64, events: u64) -> Self {
        let first_position = self.first_position + before;
        Self { first_position, last_position: first_position + (events - 1), ..self }
    }
}

/// Reason why an append is not in the log. The other appends of its batch are independent of it.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum AppendError {
    #[error("the stream has another version than expected")]
    Stale,
    /// `taker` is the type of the aggregate whose event requested the claim.
    #[error("another owner holds the claim")]
    Claimed { taker: String, claim: ClaimRefused },
    /// Another append has stored the first key of the same person.
    #[error("the person already has another key")]
    KeyConflict,
    #[error("the log is not available: {0}")]
    Unavailable(String),
    #[error("the log refuses the append: {0}")]
    Fault(String),
}
