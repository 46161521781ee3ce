//! The port to read the log: sealed events in order of position, and their decryption.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::ids::StreamId;
use crate::position::{Position, StreamVersion};
use crate::recorded::{RecordedEvent, event_id};

/// Reader of committed events, in order; hides the storage of the log from event handlers.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Returns the position of the last committed event; [`Position::START`] if the log is empty.
    async fn head(&self) -> Result<Position, LogError>;

    /// Returns up to `limit` events with a position above `after`, in order, without gaps. An interrupted
    /// read is an error, never a short result.
    async fn read(&self, after: Position, limit: usize) -> Result<Vec<SealedEvent>, LogError>;

    /// Returns the events of one stream with a stream version above `after`, in order.
    async fn read_stream(
        &self,
        stream: &StreamId,
        after: StreamVersion,
    ) -> Result<Vec<SealedEvent>, LogError>;

    /// Returns the events of these streams up to a position, in order of position.
    async fn read_streams(
        &self,
        streams: &[StreamId],
        up_to: Position,
    ) -> Result<Vec<SealedEvent>, LogError> {
        let mut events = Vec::new();
        for stream in streams {
            events.extend(self.read_stream(stream, StreamVersion::START).await?);
        }
        events.retain(|event| event.position <= up_to);
        events.sort_by_key(|event| event.position);
        Ok(events)
    }

    /// Decrypts personal data (or marks it as erased), applies the upcasters and decodes the events.
    /// Fails at the first event that cannot be read, and names its position.
    async fn decode(&self, sealed: &[SealedEvent]) -> Result<Vec<RecordedEvent>, LogError>;
}

/// Event as it is stored and published, with sealed personal data.
#[derive(Clone, Debug, PartialEq)]
pub struct SealedEvent {
    pub position: Position,
    pub stream: StreamId,
    pub sequence: StreamVersion,
    pub event_type: String,
    pub event_version: String,
    pub recorded_at: Timestamp,
    /// JSON text, byte for byte as stored.
    pub payload: String,
    /// JSON text of a flat map of texts, byte for byte as stored.
    pub metadata: String,
    /// RFC 9162 leaf hash of the envelope.
    pub leaf_hash: [u8; 32],
}

impl SealedEvent {
    /// Returns the id of the event; see [`RecordedEvent::event_id`].
    pub fn event_id(&self) -> Uuid {
        event_id(&self.leaf_hash)
    }
}

/// Reason why the log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database is unavailable or slow. The caller may retry.
    #[error("the log is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The event at this position cannot be decrypted or decoded: a poison event.
    #[error("the event at position {position} cannot be read")]
    Unreadable {
        position: Position,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
