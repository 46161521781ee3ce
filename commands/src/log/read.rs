//! Reads the log by position, stream and instant.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::Account;
use domain::{
    AccountId, Event, EventLog, LogError, Position, RecordedEvent, SealedEvent, StreamId, StreamVersion,
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use sqlx::PgPool;

use super::seal::{SealError, Sealer};
use super::sealed_bytes::SealedBytes;
use super::time_index::TimeIndex;
use crate::database_pool::deadline;

/// Reader of committed events.
#[derive(Clone)]
pub struct LogReader {
    pool: PgPool,
    sealer: Arc<Sealer>,
    time_index: Arc<TimeIndex>,
}

/// Event as stored.
struct StoredEvent {
    position: Position,
    aggregate_type: String,
    aggregate_id: String,
    sequence: StreamVersion,
    event_type: String,
    event_version: String,
    recorded_at: jiff_sqlx::Timestamp,
    payload: String,
    metadata: String,
    leaf_hash: Vec<u8>,
}

impl StoredEvent {
    fn into_sealed(self) -> Result<SealedEvent, sqlx::Error> {
        let leaf_hash = self.leaf_hash.try_into();
        Ok(SealedEvent {
            position: self.position,
            stream: StreamId { aggregate_type: self.aggregate_type, aggregate_id: self.aggregate_id },
            sequence: self.sequence,
            event_type: self.event_type,
            event_version: self.event_version,
            recorded_at: self.recorded_at.to_jiff(),
            payload: self.payload,
            metadata: self.metadata,
            leaf_hash: leaf_hash.map_err(|_| sqlx::Error::Decode("a leaf hash has 32 bytes".into()))?,
        })
    }
}

/// One step of a binary search for an instant: the bounds that remain, and the event in the middle.
#[derive(sqlx::FromRow)]
struct SearchBounds {
    low: Position,
    high: Position,
    middle: Option<Position>,
    at: Option<jiff_sqlx::Timestamp>,
}

impl LogReader {
    /// Seals bytes that are stored outside the log, so that the erasure of any person among `named` makes them
    /// unreadable. Returns `None` if one of them is erased already.
    ///
    /// # Errors
    /// [`LogError::Unavailable`] if the keys cannot be read.
    pub async fn seal_bytes(
        &self,
        named: &BTreeSet<AccountId>,
        clear: &[u8],
    ) -> Result<Option<SealedBytes>, LogError> {
        self.sealer.seal_bytes(named, clear).await.map_err(|error| LogError::Unavailable(Box::new(error)))
    }

    /// Opens bytes of [`LogReader::seal_bytes`]. Returns `None` if a person whom they name is erased.
    ///
    /// # Errors
    /// [`LogError::Unavailable`] if the keys cannot be read, or the bytes were changed.
    pub async fn open_bytes(&self, sealed: &SealedBytes) -> Result<Option<Vec<u8>>, LogError> {
        self.sealer.open_bytes(sealed).await.map_err(|error| LogError::Unavailable(Box::new(error)))
    }

    pub(crate) fn new(pool: PgPool, sealer: Arc<Sealer>) -> Self {
        Self { pool, sealer, time_index: Arc::default() }
    }

    /// Returns the position of the last event recorded at or before an instant; [`Position::START`] before the
    /// first event.
    ///
    /// Instants grow with positions. This is a binary search over the primary key, between the bounds that
    /// earlier searches have found.
    ///
    /// # Errors
    /// [`LogError::Unavailable`] if the database fails.
    pub async fn position_at(&self, instant: Timestamp) -> Result<Position, LogError> {
        let (low, high) = self.time_index.bounds_for(instant);
        let query =
            sqlx::query_as(include_str!("position_at.sql")).bind(instant.to_sqlx()).bind(low).bind(high);
        let searched: Vec<SearchBounds> = deadline(query.fetch_all(&self.pool)).await.map_err(unavailable)?;
        for bounds in &searched {
            if let (Some(position), Some(at)) = (bounds.middle, bounds.at) {
                self.time_index.insert(position, at.to_jiff());
            }
        }
        let found = searched.iter().find(|bounds| bounds.low >= bounds.high);
        Ok(found.map_or(Position::START, |bounds| bounds.low))
    }

    /// Reads the events at these positions, in order of position. Positions without an event are left out.
    ///
    /// # Errors
    /// [`LogError::Unavailable`] if the database fails.
    pub async fn read_at(&self, positions: &[Position]) -> Result<Vec<SealedEvent>, LogError> {
        let positions: Vec<i64> = positions.iter().map(|position| position.to_bigint()).collect();
        let query = sqlx::query_as!(
            StoredEvent,
            r#"select position, aggregate_type, aggregate_id, sequence, event_type, event_version,
                 recorded_at as "recorded_at: jiff_sqlx::Timestamp", payload::text as "payload!",
                 metadata::text as "metadata!", leaf_hash
               from log.events
               where position = any($1)
               order by position"#,
            &positions,
        );
        let rows = deadline(query.fetch_all(&self.pool)).await.map_err(unavailable)?;
        rows.into_iter().map(StoredEvent::into_sealed).collect::<Result<_, _>>().map_err(unavailable)
    }

    /// Decrypts payloads without decoding them, in the order of `sealed`. Auditors see events as they are
    /// stored.
    ///
    /// # Errors
    /// [`LogError::Unreadable`] if a payload is not JSON or cannot be decrypted. [`LogError::Unavailable`] if
    /// the keys cannot be read.
    pub async fn decrypt_payloads(&self, sealed: &[SealedEvent]) -> Result<Vec<Value>, LogError> {
        let mut payloads = Vec::with_capacity(sealed.len());
        for event in sealed {
            if let Some(person) = erased_account(event) {
                // The notification of the erasure may not have reached this OS process yet.
                self.sealer.evict_key(person);
            }
            payloads.push(parse_payload(event)?);
        }
        let mut trees: Vec<&mut Value> = payloads.iter_mut().collect();
        if let Err(error) = self.sealer.decrypt(&mut trees).await {
            return Err(self.locate_unreadable(sealed, error).await);
        }
        Ok(payloads)
    }

    /// Finds the event that cannot be decrypted.
    async fn locate_unreadable(&self, sealed: &[SealedEvent], error: SealError) -> LogError {
        if matches!(error, SealError::Key(super::subject_keys::KeyError::Database(_))) {
            return LogError::Unavailable(Box::new(error));
        }
        for event in sealed {
            let Ok(mut payload) = parse_payload(event) else { continue };
            if let Err(source) = self.sealer.decrypt(&mut [&mut payload]).await {
                return LogError::Unreadable { position: event.position, source: Box::new(source) };
            }
        }
        LogError::Unavailable(Box::new(error))
    }
}

#[async_trait]
impl EventLog for LogReader {
    async fn head(&self) -> Result<Position, LogError> {
        let head = sqlx::query_scalar!(r#"select position as "position!" from log.head"#);
        deadline(head.fetch_one(&self.pool)).await.map(Position::from).map_err(unavailable)
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<SealedEvent>, LogError> {
        let query = sqlx::query_as!(
            StoredEvent,
            r#"select position, aggregate_type, aggregate_id, sequence, event_type, event_version,
                 recorded_at as "recorded_at: jiff_sqlx::Timestamp", payload::text as "payload!",
                 metadata::text as "metadata!", leaf_hash
               from log.events
               where position > $1
               order by position
               limit $2"#,
            after.to_bigint(),
            limit as i64,
        );
        let rows = deadline(query.fetch_all(&self.pool)).await.map_err(unavailable)?;
        let events: Vec<SealedEvent> =
            rows.into_iter().map(StoredEvent::into_sealed).collect::<Result<_, _>>().map_err(unavailable)?;
        // Positions are dense: a gap means that an event was deleted.
        for (event, expected) in events.iter().zip((after.0 + 1..).map(Position)) {
            if event.position != expected {
                return Err(LogError::Unreadable {
                    position: expected,
                    source: "there is no event at this position".into(),
                });
            }
        }
        Ok(events)
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: StreamVersion,
    ) -> Result<Vec<SealedEvent>, LogError> {
        let query = sqlx::query_as!(
            StoredEvent,
            r#"select position, aggregate_type, aggregate_id, sequence, event_type, event_version,
                 recorded_at as "recorded_at: jiff_sqlx::Timestamp", payload::text as "payload!",
                 metadata::text as "metadata!", leaf_hash
               from log.events
               where aggregate_type = $1 and aggregate_id = $2 and sequence > $3
               order by sequence"#,
            stream.aggregate_type,
            stream.aggregate_id,
            after.to_bigint(),
        );
        let rows = deadline(query.fetch_all(&self.pool)).await.map_err(unavailable)?;
        rows.into_iter().map(StoredEvent::into_sealed).collect::<Result<_, _>>().map_err(unavailable)
    }

    async fn read_streams(
        &self,
        streams: &[StreamId],
        up_to: Position,
    ) -> Result<Vec<SealedEvent>, LogError> {
        let (types, ids): (Vec<&str>, Vec<&str>) =
            streams.iter().map(|stream| (&*stream.aggregate_type, &*stream.aggregate_id)).unzip();
        let query = sqlx::query_as!(
            StoredEvent,
            r#"select position, aggregate_type, aggregate_id, sequence, event_type, event_version,
                 recorded_at as "recorded_at: jiff_sqlx::Timestamp", payload::text as "payload!",
                 metadata::text as "metadata!", leaf_hash
               from unnest($1::text[], $2::text[]) as wanted (of_type, of_id)
               join log.events on aggregate_type = of_type and aggregate_id = of_id
               where position <= $3
               order by position"#,
            &types as _,
            &ids as _,
            up_to.to_bigint(),
        );
        let rows = deadline(query.fetch_all(&self.pool)).await.map_err(unavailable)?;
        rows.into_iter().map(StoredEvent::into_sealed).collect::<Result<_, _>>().map_err(unavailable)
    }

    async fn decode(&self, sealed: &[SealedEvent]) -> Result<Vec<RecordedEvent>, LogError> {
        let payloads = self.decrypt_payloads(sealed).await?;
        sealed.iter().zip(payloads).map(|(event, payload)| decode_event(event, payload)).collect()
    }
}

fn decode_event(sealed: &SealedEvent, payload: Value) -> Result<RecordedEvent, LogError> {
    let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| LogError::Unreadable {
        position: sealed.position,
        source,
    };
    let kind = &sealed.stream.aggregate_type;
    Ok(RecordedEvent {
        position: sealed.position,
        stream: sealed.stream.clone(),
        sequence: sealed.sequence,
        recorded_at: sealed.recorded_at,
        metadata: serde_json::from_str(&sealed.metadata).map_err(|e| unreadable(e.into()))?,
        leaf_hash: sealed.leaf_hash,
        event: Event::decode(kind, &sealed.event_type, &sealed.event_version, payload)
            .map_err(|e| unreadable(e.into()))?,
    })
}

/// Returns the account that an event erases, if it is an erasure.
fn erased_account(event: &SealedEvent) -> Option<AccountId> {
    let erases = event.event_type == "AccountErased" && event.stream.aggregate_type == Account::TYPE;
    erases.then(|| event.stream.aggregate_id.parse().ok()).flatten()
}

fn parse_payload(event: &SealedEvent) -> Result<Value, LogError> {
    serde_json::from_str(&event.payload)
        .map_err(|source| LogError::Unreadable { position: event.position, source: source.into() })
}

fn unavailable(error: sqlx::Error) -> LogError {
    LogError::Unavailable(Box::new(error))
}
