//! A log in a plain table, for tests that need only the port.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use domain::{
    AccountId, Clock, Event, EventLog, LogError, Position, RecordedEvent, SealedEvent, StreamId,
    StreamVersion, SystemClock,
};
use fixtures::event_log_contract::WritableLog;
use jiff_sqlx::ToSqlx;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};

use crate::fixture::World;

/// Log in a table, with the guarantees that the runtime needs.
pub struct TableLog {
    pub pool: PgPool,
    pub away: AtomicBool,
}

impl TableLog {
    fn look(&self) -> Result<(), LogError> {
        if self.away.load(Ordering::Relaxed) {
            Err(LogError::Unavailable("unavailable on request".into()))
        } else {
            Ok(())
        }
    }
}

fn away(error: sqlx::Error) -> LogError {
    LogError::Unavailable(Box::new(error))
}

#[async_trait]
impl EventLog for TableLog {
    async fn head(&self) -> Result<Position, LogError> {
        self.look()?;
        sqlx::query_scalar("select coalesce(max(position), 0) from fixture.events")
            .fetch_one(&self.pool)
            .await
            .map_err(away)
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<SealedEvent>, LogError> {
        self.look()?;
        let rows = sqlx::query("select * from fixture.events where position > $1 order by position limit $2")
            .bind(after)
            .bind(limit as i64)
            .fetch_all(&self.pool)
            .await
            .map_err(away)?;
        Ok(rows.iter().map(sealed).collect())
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: StreamVersion,
    ) -> Result<Vec<SealedEvent>, LogError> {
        self.look()?;
        let rows = sqlx::query(
            "select * from fixture.events
             where aggregate_type = $1 and aggregate_id = $2 and sequence > $3
             order by sequence",
        )
        .bind(&stream.aggregate_type)
        .bind(&stream.aggregate_id)
        .bind(after)
        .fetch_all(&self.pool)
        .await
        .map_err(away)?;
        Ok(rows.iter().map(sealed).collect())
    }

    async fn decode(&self, sealed: &[SealedEvent]) -> Result<Vec<RecordedEvent>, LogError> {
        sealed.iter().map(open).collect()
    }
}

fn sealed(row: &PgRow) -> SealedEvent {
    SealedEvent {
        position: row.get("position"),
        stream: StreamId { aggregate_type: row.get("aggregate_type"), aggregate_id: row.get("aggregate_id") },
        sequence: row.get("sequence"),
        event_type: row.get("event_type"),
        event_version: row.get("event_version"),
        recorded_at: row.get::<jiff_sqlx::Timestamp, _>("recorded_at").to_jiff(),
        payload: row.get("payload"),
        metadata: row.get("metadata"),
        leaf_hash: row.get::<Vec<u8>, _>("leaf_hash").try_into().unwrap(),
    }
}

fn open(sealed: &SealedEvent) -> Result<RecordedEvent, LogError> {
    let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| LogError::Unreadable {
        position: sealed.position,
        source,
    };
    let payload = serde_json::from_str(&sealed.payload).map_err(|error| unreadable(Box::new(error)))?;
    let event =
        Event::decode(&sealed.stream.aggregate_type, &sealed.event_type, &sealed.event_version, payload)
            .map_err(|error| unreadable(Box::new(error)))?;
    Ok(RecordedEvent {
        position: sealed.position,
        stream: sealed.stream.clone(),
        sequence: sealed.sequence,
        recorded_at: sealed.recorded_at,
        metadata: serde_json::from_str(&sealed.metadata).map_err(|error| unreadable(Box::new(error)))?,
        leaf_hash: sealed.leaf_hash,
        event,
    })
}

#[async_trait]
impl WritableLog for World {
    fn reader(&self) -> Arc<dyn EventLog> {
        self.log.clone()
    }

    async fn append(&self, account_id: AccountId, external_id: &str) {
        let mut transaction = self.pool.begin().await.unwrap();
        // One writer at a time: a position is visible before the next one is given.
        sqlx::query("lock table fixture.events in exclusive mode").execute(&mut *transaction).await.unwrap();
        sqlx::query(include_str!("append_link.sql"))
            .bind(account_id.to_string())
            .bind(external_id)
            .bind(SystemClock.now().to_sqlx())
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }
}

mod contract {
    fixtures::event_log_contract!(super::World::new());
}
