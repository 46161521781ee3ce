//! Replaces the tables of an older version of the code, and those of a newer one only if an operator allows it.

use std::sync::Arc;

use tokio::time::timeout;

use super::{RETRY_MAX, RETRY_MIN, Runner};
use crate::checkpoint::Checkpoint;
use crate::error::error_chain;
use crate::leadership::Lease;
use crate::progress::LocalState;

/// Rebuilds the tables to the version of the code. Only runners of read models have one.
pub(crate) type Upgrade =
    Arc<dyn Fn() -> futures::future::BoxFuture<'static, Result<(), String>> + Send + Sync>;

impl Runner {
    /// Loads the version that the tables had when this OS process started.
    ///
    /// The runner upgrades only from that version. An older OS process must not undo the work of newer ones.
    pub(crate) async fn version_at_start(&self) -> Option<i32> {
        let mut retry = RETRY_MIN;
        loop {
            match self.handler.kind().find(&self.deps.pool, self.handler.name()).await {
                Ok(found) => return found.map(|found| found.version),
                Err(error) => {
                    if self.back_off(&error_chain(&error), &mut retry).await {
                        return None;
                    }
                }
            }
        }
    }

    /// Returns true if this OS process may replace the tables of the version that it found at its start.
    ///
    /// Tables of a newer version are only replaced if an operator allows it: an older OS process that is
    /// started again during a deployment must not take them back.
    pub(crate) fn may_upgrade(&self, checkpoint: &Checkpoint, old_version: Option<i32>) -> bool {
        let newer = self.handler.version() > checkpoint.newest_version;
        old_version == Some(checkpoint.version) && (newer || self.deps.allow_downgrade)
    }

    /// Upgrades the tables before this OS process leads, so that another one applies events to the present
    /// tables meanwhile and they stay fresh.
    pub(crate) async fn upgrade_beside(&self, old_version: Option<i32>) {
        let Some(upgrade) = &self.upgrade else { return };
        let mut retry = RETRY_MIN;
        while !self.deps.cancel.is_cancelled() {
            match self.handler.kind().find(&self.deps.pool, self.handler.name()).await {
                Ok(Some(found))
                    if found.version != self.handler.version() && self.may_upgrade(&found, old_version) =>
                {
                    self.upgrade(upgrade, None).await;
                }
                Ok(_) => return,
                Err(error) => drop(self.back_off(&error_chain(&error), &mut retry).await),
            }
        }
    }

    pub(crate) async fn upgrade(&self, upgrade: &Upgrade, lease: Option<&Lease>) {
        self.progress.set_state(LocalState::Rebuilding);
        let lost = async {
            match lease {
                Some(lease) => lease.lost().await,
                None => std::future::pending().await,
            }
        };
        let result = tokio::select! {
            () = self.deps.cancel.cancelled() => return,
            () = lost => return,
            result = upgrade() => result,
        };
        if let Err(error) = result {
            tracing::error!(name = self.handler.name(), error, "cannot rebuild the tables");
            tokio::select! {
                () = self.deps.cancel.cancelled() => {}
                _ = timeout(RETRY_MAX, self.progress.wake.notified()) => {}
            }
        }
    }
}
