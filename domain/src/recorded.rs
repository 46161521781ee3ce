//! A committed event with its position in the log, and the state that follows from such events.

use jiff::Timestamp;
use uuid::Uuid;

use crate::context::Metadata;
use crate::decider::Decider;
use crate::event::Event;
use crate::ids::StreamId;
use crate::position::{Position, StreamVersion};

/// Committed event with its position, payload and metadata.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedEvent {
    pub position: Position,
    pub stream: StreamId,
    /// Version of the stream after the event.
    pub sequence: StreamVersion,
    pub recorded_at: Timestamp,
    pub metadata: Metadata,
    /// RFC 9162 leaf hash of the stored (sealed) envelope.
    pub leaf_hash: [u8; 32],
    pub event: Event,
}

impl RecordedEvent {
    /// Returns the id of the event: stable, derived from its leaf hash (UUIDv8, RFC 9562).
    pub fn event_id(&self) -> Uuid {
        event_id(&self.leaf_hash)
    }
}

/// Returns the id of the event with this leaf hash: its first 128 bits as a UUIDv8 (RFC 9562).
pub fn event_id(leaf_hash: &[u8; 32]) -> Uuid {
    let head: [u8; 16] = leaf_hash[..16].try_into().expect("a hash has 32 bytes");
    Uuid::new_v8(head)
}

/// Returns the state after the events of one stream, in order. Events of other aggregates are ignored.
pub fn fold_events<A: Decider<Event: TryFrom<Event>>>(events: impl IntoIterator<Item = RecordedEvent>) -> A {
    let mut state = A::default();
    for event in events.into_iter().filter_map(|recorded| recorded.event.try_into().ok()) {
        state.apply(event);
    }
    state
}
