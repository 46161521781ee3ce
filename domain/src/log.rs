//! The log as its readers see it: sealed rows in order of position, and the key to open them.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::ids::StreamId;
use crate::recorded::{RecordedEvent, event_id};

/// Reads committed events in order; lets listeners read without seeing how the log is kept.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// The position of the last committed event; 0 when the log is empty.
    async fn head(&self) -> Result<u64, LogError>;

    /// Up to `limit` events with a position above `after`, in order, without holes. A read that
    /// breaks off is an error, never a short answer.
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<SealedEvent>, LogError>;

    /// The events of one stream with a sequence above `after`, in order.
    async fn read_stream(&self, stream: &StreamId, after: u64) -> Result<Vec<SealedEvent>, LogError>;

    /// The events of these streams up to a position, in order of position.
    async fn read_streams(&self, streams: &[StreamId], up_to: u64) -> Result<Vec<SealedEvent>, LogError> {
        let mut events = Vec::new();
        for stream in streams {
            events.extend(self.read_stream(stream, 0).await?);
        }
        events.retain(|event| event.position <= up_to);
        events.sort_by_key(|event| event.position);
        Ok(events)
    }

    /// Opens what is personal (or marks it as erased) and decodes, lifting older versions.
    /// Fails at the first event that can not be read, and names its position.
    async fn open(&self, sealed: &[SealedEvent]) -> Result<Vec<RecordedEvent>, LogError>;
}

/// An event as it is stored and published: what is personal in it is sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct SealedEvent {
    pub position: u64,
    pub stream: StreamId,
    pub sequence: u64,
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
    /// The id of the event; see [`RecordedEvent::event_id`].
    pub fn event_id(&self) -> Uuid {
        event_id(&self.leaf_hash)
    }
}

/// Why the log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database is away or slow; worth trying again.
    #[error("the log is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The event at this position can not be opened or decoded: a poison event.
    #[error("the event at position {position} can not be read")]
    Unreadable {
        position: u64,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
