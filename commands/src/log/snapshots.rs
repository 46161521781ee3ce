//! Folded states of long streams, written behind the commands that make them long.

use std::sync::Arc;

use domain::StreamId;
use serde_json::Value;
use sqlx::PgPool;
use tokio::sync::mpsc;

use super::seal::{SealError, Sealer};

/// Whether a stream that grew from one version to another wants a snapshot: it passed a multiple of `every`.
pub(crate) fn is_snapshot_due(before: u64, after: u64, every: u64) -> bool {
    before / every != after / every
}

/// Snapshots that wait to be written at most; a busier process leaves some out.
const QUEUE_LIMIT: usize = 256;

/// Writes snapshots, so that no command waits for its own; a lost one costs time, nothing else.
pub(crate) struct SnapshotWriter {
    sender: mpsc::Sender<NewSnapshot>,
}

struct SnapshotTask {
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

impl SnapshotWriter {
    /// Starts the writer; it ends when this is dropped, or with the pool.
    pub fn start(pool: PgPool, sealer: Arc<Sealer>) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE_LIMIT);
        let writer = SnapshotTask { pool, sealer };
        #[expect(
            clippy::disallowed_methods,
            reason = "the writer ends with the channel; what it loses is made again"
        )]
        tokio::spawn(writer.run(queue));
        Self { sender }
    }

    /// Has a snapshot kept, unless a newer one is there; failures are only counted.
    pub fn enqueue(&self, snapshot: NewSnapshot) {
        if self.sender.try_send(snapshot).is_err() {
            metrics::counter!("kafedra_log_snapshot_failures_total").increment(1);
        }
    }
}

impl SnapshotTask {
    async fn run(self, mut queue: mpsc::Receiver<NewSnapshot>) {
        while let Some(snapshot) = queue.recv().await {
            if let Err(error) = self.write(snapshot).await {
                metrics::counter!("kafedra_log_snapshot_failures_total").increment(1);
                tracing::debug!(error = %error, "a snapshot was not kept");
            }
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
