//! Folded states of long streams, written behind the commands that make them long.

use std::sync::Arc;

use domain::StreamId;
use serde_json::Value;
use sqlx::PgPool;

use super::seal::{SealError, Sealer};

/// A stream gets a snapshot whenever its version passes a multiple of this.
const SNAPSHOT_EVERY: u64 = 100;

/// Whether a stream that grew from one version to another wants a snapshot.
pub(crate) fn snapshot_due(before: u64, after: u64) -> bool {
    before / SNAPSHOT_EVERY != after / SNAPSHOT_EVERY
}

/// Writes snapshots; a lost one costs time, nothing else.
pub(crate) struct Snapshots {
    pool: PgPool,
    sealer: Arc<Sealer>,
}

/// A state at a version, ready to be kept.
pub(crate) struct NewSnapshot {
    pub stream: StreamId,
    pub version: u64,
    pub position: u64,
    pub snapshot_version: i32,
    pub state: Value,
}

#[derive(Debug, thiserror::Error)]
enum SnapshotError {
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Snapshots {
    pub fn new(pool: PgPool, sealer: Arc<Sealer>) -> Self {
        Self { pool, sealer }
    }

    /// Keeps a snapshot unless a newer one is there; failures are only counted.
    pub async fn keep(&self, snapshot: NewSnapshot) {
        if let Err(error) = self.write(snapshot).await {
            metrics::counter!("kafedra_log_snapshot_failures_total").increment(1);
            tracing::debug!(error = %error, "a snapshot was not kept");
        }
    }

    async fn write(&self, mut snapshot: NewSnapshot) -> Result<(), SnapshotError> {
        self.sealer.seal(&mut [&mut snapshot.state]).await?;
        sqlx::query(
            "insert into log.snapshots
               (aggregate_type, aggregate_id, version, position, snapshot_version, state)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (aggregate_type, aggregate_id) do update
             set version = excluded.version, position = excluded.position,
               snapshot_version = excluded.snapshot_version, state = excluded.state
             where snapshots.version < excluded.version
               or snapshots.snapshot_version <> excluded.snapshot_version",
        )
        .bind(&snapshot.stream.aggregate_type)
        .bind(&snapshot.stream.aggregate_id)
        .bind(snapshot.version as i64)
        .bind(snapshot.position as i64)
        .bind(snapshot.snapshot_version)
        .bind(snapshot.state)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
