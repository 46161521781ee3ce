//! Snapshots of long streams, written in the background.

use std::sync::Arc;

use domain::{Position, StreamId, StreamVersion};
use serde_json::Value;
use sqlx::PgPool;
use tokio::sync::{Mutex, mpsc};

use super::seal::{SealError, Sealer};
use crate::database_pool::deadline;
use crate::supervise::supervise;

/// Returns true if a stream that grew from `before` to `after` passed a multiple of `every` versions.
pub(crate) fn is_snapshot_due(before: StreamVersion, after: StreamVersion, every: u64) -> bool {
    before.0 / every != after.0 / every
}

/// Maximum number of snapshots that wait to be written. The writer drops further ones.
const QUEUE_LIMIT: usize = 256;

/// Writes snapshots in the background, so that no command waits for its own.
///
/// A lost snapshot only makes the next load of its stream slower.
pub(crate) struct SnapshotWriter {
    sender: mpsc::Sender<NewSnapshot>,
}

struct SnapshotTask {
    pool: PgPool,
    sealer: Arc<Sealer>,
}

/// A state at a stream version, ready to be stored.
pub(crate) struct NewSnapshot {
    pub stream: StreamId,
    pub version: StreamVersion,
    pub position: Position,
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
    /// Starts the background task. It ends when the writer is dropped.
    pub fn start(pool: PgPool, sealer: Arc<Sealer>) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE_LIMIT);
        let writer = SnapshotTask { pool, sealer };
        #[expect(
            clippy::disallowed_methods,
            reason = "the writer ends with the channel; a lost snapshot is made again"
        )]
        tokio::spawn(async move {
            let queue = Mutex::new(queue);
            supervise("snapshots", || writer.run(&queue)).await;
        });
        Self { sender }
    }

    /// Enqueues a snapshot for writing. A newer stored snapshot stays.
    ///
    /// Failures are only counted: the snapshot is dropped if the queue is full.
    pub fn enqueue(&self, snapshot: NewSnapshot) {
        if self.sender.try_send(snapshot).is_err() {
            metrics::counter!("kafedra_log_snapshot_failures_total").increment(1);
        }
    }
}

impl SnapshotTask {
    async fn run(&self, queue: &Mutex<mpsc::Receiver<NewSnapshot>>) {
        let mut queue = queue.lock().await;
        while let Some(snapshot) = queue.recv().await {
            if let Err(error) = self.write(snapshot).await {
                metrics::counter!("kafedra_log_snapshot_failures_total").increment(1);
                tracing::debug!(error = %error, "cannot write a snapshot");
            }
        }
    }

    async fn write(&self, mut snapshot: NewSnapshot) -> Result<(), SnapshotError> {
        self.sealer.seal(&mut [&mut snapshot.state]).await?;
        let insert = sqlx::query!(
            "insert into log.snapshots
               (aggregate_type, aggregate_id, version, position, snapshot_version, state)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (aggregate_type, aggregate_id) do update
             set version = excluded.version, position = excluded.position,
               snapshot_version = excluded.snapshot_version, state = excluded.state
             where snapshots.version < excluded.version
               or snapshots.snapshot_version <> excluded.snapshot_version",
            snapshot.stream.aggregate_type,
            snapshot.stream.aggregate_id,
            snapshot.version.to_bigint(),
            snapshot.position.to_bigint(),
            snapshot.snapshot_version,
            snapshot.state,
        );
        deadline(insert.execute(&self.pool)).await?;
        Ok(())
    }
}
