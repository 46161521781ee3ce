//! Deletes tasks that were done long ago, so that the table does not grow with the log.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::error::error_chain;

/// Number of tasks per statement: few, so that workers do not wait for it.
const BATCH_TASKS: i64 = 1_000;
const PRUNE_INTERVAL: Duration = Duration::from_secs(3_600);

/// Pruner of done tasks of these kinds.
#[derive(Clone)]
pub(crate) struct Pruner {
    pub(crate) pool: PgPool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) kinds: Vec<&'static str>,
    /// Time for which a done task is kept.
    pub(crate) retention: Duration,
    pub(crate) cancel: CancellationToken,
}

impl Pruner {
    /// Prunes at the start and every hour, until it is cancelled.
    pub(crate) async fn run(self) {
        loop {
            for kind in &self.kinds {
                if let Err(error) = self.prune(kind).await {
                    tracing::warn!(
                        kind,
                        error = error_chain(&error),
                        "cannot prune done tasks, retrying later"
                    );
                }
            }
            tokio::select! {
                () = self.cancel.cancelled() => return,
                () = sleep(PRUNE_INTERVAL) => {}
            }
        }
    }

    async fn prune(&self, kind: &str) -> Result<(), sqlx::Error> {
        let retention = SignedDuration::try_from(self.retention).unwrap_or(SignedDuration::MAX);
        let before = self.clock.now().checked_sub(retention).unwrap_or(Timestamp::UNIX_EPOCH);
        while !self.cancel.is_cancelled() {
            let removed = sqlx::query(include_str!("prune.sql"))
                .bind(kind)
                .bind(before.to_sqlx())
                .bind(BATCH_TASKS)
                .execute(&self.pool)
                .await?
                .rows_affected();
            if removed == 0 {
                break;
            }
            metrics::counter!("kafedra_tasks_removed_total", "kind" => kind.to_owned()).increment(removed);
        }
        Ok(())
    }
}
