//! An event in the responses for auditors.

use domain::{Position, SealedEvent, StreamVersion, event_id};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::http::accounts::view::strip_personal_marks;

/// A decrypted event of the log. Data of an erased person is null.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventEnvelope {
    /// Id of the event. `causation_id` of its consequences is this id.
    pub(super) id: Uuid,
    #[schema(value_type = u64)]
    pub(super) position: Position,
    pub(super) stream_type: String,
    pub(super) stream_id: String,
    #[schema(value_type = u64)]
    pub(super) sequence: StreamVersion,
    pub(super) r#type: String,
    pub(super) schema_version: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) recorded_at: Timestamp,
    #[schema(value_type = Object)]
    pub(super) metadata: Value,
    #[schema(value_type = Object)]
    pub(super) payload: Value,
    /// Leaf hash (RFC 9162) of the stored event, in hexadecimal.
    pub(super) leaf_hash: String,
}

impl EventEnvelope {
    /// Builds the envelope of a stored event with its decrypted payload.
    pub fn of(event: SealedEvent, payload: Value) -> Self {
        Self {
            id: event_id(&event.leaf_hash),
            position: event.position,
            stream_type: event.stream.aggregate_type,
            stream_id: event.stream.aggregate_id,
            sequence: event.sequence,
            r#type: event.event_type,
            schema_version: event.event_version,
            recorded_at: event.recorded_at,
            // Unreadable metadata is shown as text, because auditors need the stored value.
            metadata: serde_json::from_str(&event.metadata).unwrap_or(Value::String(event.metadata)),
            payload: strip_personal_marks(payload),
            leaf_hash: hex::encode(event.leaf_hash),
        }
    }
}
