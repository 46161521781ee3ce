//! The log of a world, read with plain SQL and compared with its stream.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::{PgPool, Row};

use crate::Message;

/// A committed event as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRow {
    pub position: u64,
    pub aggregate_type: String,
    pub aggregate_id: String,
    pub sequence: u64,
    pub event_type: String,
    pub event_version: String,
    pub payload: String,
    pub metadata: Value,
    pub leaf_hash: String,
}

impl LogRow {
    /// Reads the whole log.
    ///
    /// # Panics
    /// If the database is unavailable.
    pub async fn all(pool: &PgPool) -> Vec<Self> {
        let rows = "select position, aggregate_type, aggregate_id, sequence, event_type, event_version,
            payload::text as payload, metadata::text as metadata, encode(leaf_hash, 'hex') as leaf_hash
            from log.events order by position";
        let rows = sqlx::query(rows).fetch_all(pool).await.expect("the log can be read");
        rows.iter().map(Self::from_row).collect()
    }

    fn from_row(row: &sqlx::postgres::PgRow) -> Self {
        let metadata: String = row.get("metadata");
        Self {
            position: row.get::<i64, _>("position").unsigned_abs(),
            aggregate_type: row.get("aggregate_type"),
            aggregate_id: row.get("aggregate_id"),
            sequence: row.get::<i64, _>("sequence").unsigned_abs(),
            event_type: row.get("event_type"),
            event_version: row.get("event_version"),
            payload: row.get("payload"),
            metadata: serde_json::from_str(&metadata).expect("metadata is JSON"),
            leaf_hash: row.get("leaf_hash"),
        }
    }
}

/// Returns the faults of a log and its differences from the stream; empty if there are none.
/// Positions and versions have no gap, and the stream holds every event unchanged at its position.
pub fn differences(log: &[LogRow], stream: &[Message]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut sequences: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for (row, expected) in log.iter().zip(1..) {
        if row.position != expected {
            wrong.push(format!("position {} where {expected} was due", row.position));
        }
        let last = sequences.entry((&row.aggregate_type, &row.aggregate_id)).or_default();
        *last += 1;
        if row.sequence != *last {
            wrong.push(format!(
                "{} {}: {} after {}",
                row.aggregate_type, row.aggregate_id, row.sequence, last
            ));
        }
    }
    if log.len() != stream.len() {
        wrong.push(format!("{} events in the log, {} in the stream", log.len(), stream.len()));
    }
    for (row, message) in log.iter().zip(stream) {
        let told = message.headers.get("kafedra-leaf-hash").map(String::as_str);
        if message.sequence != row.position || told != Some(&row.leaf_hash) || message.body != row.payload {
            wrong.push(format!(
                "position {} is not what the stream has at {}",
                row.position, message.sequence
            ));
        }
    }
    wrong
}
