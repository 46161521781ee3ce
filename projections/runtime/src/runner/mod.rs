//! Runs one event handler: applies its events to rows and checkpoint, exactly once.

mod upgrade;

use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, EventLog, LogError, Position};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

pub(crate) use self::upgrade::Upgrade;
use crate::apply_batch::{BatchResult, EventHandler, apply_batch};
use crate::checkpoint::{Checkpoint, CheckpointError, skipped_positions};
use crate::error::error_chain;
use crate::leadership::{Leadership, Lease, listener_lock};
use crate::progress::{HandlerProgress, LocalState};
use crate::stream::{EventBatch, EventFilter, SharedConsumer, Subscription};

/// Maximum duration of one batch. A longer one is given up and tried again.
const APPLY_TIMEOUT: Duration = Duration::from_secs(300);
const RETRY_MIN: Duration = Duration::from_millis(50);
const RETRY_MAX: Duration = Duration::from_secs(5);
/// Interval at which a stopped event handler checks whether it may continue.
const RECHECK_INTERVAL: Duration = Duration::from_millis(500);
/// Interval at which tables of killed rebuilds are deleted.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);
const SWEEP_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum time by which the checkpoint may lag behind events that the handler does not handle.
const CHECKPOINT_LAG: Duration = Duration::from_millis(100);

/// Pause between two batches if no caller waits. A transaction of ten events costs little more than one of
/// one event.
const BATCH_INTERVAL: Duration = Duration::from_millis(25);

/// Dependencies that all runners of this OS process share.
#[derive(Clone)]
pub(crate) struct RunnerDeps {
    pub(crate) pool: PgPool,
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) committed: watch::Receiver<Position>,
    /// `None` without a stream.
    pub(crate) consumer: Option<SharedConsumer>,
    pub(crate) leadership: Leadership,
    pub(crate) clock: Arc<dyn Clock>,
    /// Maximum number of events in one transaction.
    pub(crate) batch_size: usize,
    pub(crate) poll_interval: Duration,
    pub(crate) allow_downgrade: bool,
    pub(crate) cancel: CancellationToken,
}

#[derive(Clone)]
pub(crate) struct Runner {
    pub(crate) deps: RunnerDeps,
    pub(crate) handler: Arc<dyn EventHandler>,
    pub(crate) progress: Arc<HandlerProgress>,
    pub(crate) upgrade: Option<Upgrade>,
}

/// Events that the handler does not handle, passed in memory and not yet in the checkpoint.
struct SkippedAhead {
    last: EventBatch,
    write_at: Instant,
}

/// Reason why a round of applying ended.
enum RunEnd {
    /// The runner must reload the checkpoint.
    Restart,
    /// Another OS process applies: the runner releases its leadership.
    Yield,
    Cancelled,
}

impl Runner {
    /// Runs until it is cancelled. Finishes a batch that has begun.
    pub(crate) async fn run(self) {
        let cancel = self.deps.cancel.clone();
        let old_version = self.version_at_start().await;
        self.upgrade_beside(old_version).await;
        let lock_name = listener_lock(self.handler.name());
        loop {
            self.progress.set_state(LocalState::Standby);
            let lease = tokio::select! {
                () = cancel.cancelled() => return,
                lease = self.deps.leadership.acquire(&lock_name) => lease,
            };
            if matches!(self.run_as_leader(&lease, old_version).await, RunEnd::Cancelled) {
                return;
            }
            drop(lease);
            if self.pause(RECHECK_INTERVAL).await {
                return;
            }
        }
    }

    async fn run_as_leader(&self, lease: &Lease, old_version: Option<i32>) -> RunEnd {
        let mut retry = RETRY_MIN;
        loop {
            if self.deps.cancel.is_cancelled() {
                return RunEnd::Cancelled;
            }
            if lease.is_lost() {
                return RunEnd::Yield;
            }
            let checkpoint = match self.load_checkpoint().await {
                Ok(checkpoint) => checkpoint,
                Err(error) => {
                    if self.back_off(&error, &mut retry).await {
                        return RunEnd::Cancelled;
                    }
                    continue;
                }
            };
            self.progress.advance_to(checkpoint.position);
            if checkpoint.version != self.handler.version() {
                match &self.upgrade {
                    Some(upgrade) if self.may_upgrade(&checkpoint, old_version) => {
                        self.upgrade(upgrade, Some(lease)).await
                    }
                    // The tables are newer: an OS process with newer code takes over.
                    _ => return RunEnd::Yield,
                }
            } else if checkpoint.error.is_some() {
                self.progress.set_state(LocalState::Stopped);
                self.wait_for_wake(lease, RECHECK_INTERVAL).await;
            } else {
                match self.run_from(checkpoint, lease, &mut retry).await {
                    RunEnd::Restart => {}
                    end => return end,
                }
            }
        }
    }

    async fn load_checkpoint(&self) -> Result<Checkpoint, String> {
        let (kind, name, pool) = (self.handler.kind(), self.handler.name(), &self.deps.pool);
        let mut start = Position::START;
        if !self.handler.starts_at_beginning()
            && kind.find(pool, name).await.map_err(|e| error_chain(&e))?.is_none()
        {
            start = self.deps.log.head().await.map_err(|e| error_chain(&e))?;
        }
        kind.load(pool, name, self.handler.version(), start).await.map_err(|e| error_chain(&e))
    }

    /// Applies batch after batch from this checkpoint.
    async fn run_from(&self, mut checkpoint: Checkpoint, lease: &Lease, retry: &mut Duration) -> RunEnd {
        let mut subscription = match self.subscribe(&checkpoint).await {
            Ok(subscription) => subscription,
            Err(error) => return self.back_off_or_restart(&error_chain(&error), retry).await,
        };
        self.sweep_copies().await;
        self.progress.set_state(LocalState::Running);
        let mut skipped = None;
        let mut sweep_at = Instant::now() + SWEEP_INTERVAL;
        let mut ready_at = Instant::now();
        loop {
            let next = tokio::select! {
                () = self.deps.cancel.cancelled() => Err(RunEnd::Cancelled),
                () = lease.lost() => return RunEnd::Yield,
                () = self.progress.wake.notified() => Err(RunEnd::Restart),
                () = wait_until_due(skipped.as_ref()) => Ok(None),
                () = sleep_until(sweep_at) => {
                    sweep_at = Instant::now() + SWEEP_INTERVAL;
                    self.sweep_copies().await;
                    continue;
                }
                batch = self.next_batch(&mut subscription, ready_at) => Ok(Some(batch)),
            };
            let done = match next {
                Ok(Some(Ok(batch))) => {
                    ready_at = self.next_batch_at(&batch);
                    // The batch ends with the lease: another OS process may lead behind a silent connection.
                    tokio::select! {
                        () = lease.lost() => return RunEnd::Yield,
                        handled = timeout(APPLY_TIMEOUT, self.handle_batch(&mut checkpoint, &mut skipped, batch))
                            => handled.unwrap_or(Err(sqlx::Error::PoolTimedOut)),
                    }
                }
                Ok(Some(Err(error))) => return self.back_off_or_restart(&error_chain(&error), retry).await,
                Ok(None) => self.write_skipped(&mut checkpoint, &mut skipped).await,
                Err(end) => {
                    self.write_skipped(&mut checkpoint, &mut skipped).await.map(|other| other.or(Some(end)))
                }
            };
            match done {
                Ok(end) => {
                    *retry = RETRY_MIN;
                    if let Some(end) = end {
                        return end;
                    }
                }
                Err(error) => return self.back_off_or_restart(&error_chain(&error), retry).await,
            }
        }
    }

    /// Deletes the tables that a killed rebuild has left behind. A failure waits for the next time.
    async fn sweep_copies(&self) {
        if let Err(error) = timeout(SWEEP_TIMEOUT, self.handler.drop_abandoned_copies(&self.deps.pool))
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))
        {
            tracing::debug!(name = self.handler.name(), error = error_chain(&error), "cannot drop copies");
        }
    }

    /// Returns the earliest instant of the next batch: now if the handler lags or is urgent.
    fn next_batch_at(&self, batch: &EventBatch) -> Instant {
        let whole = batch.last.since(batch.after) >= self.deps.batch_size as u64;
        let rest = if whole || self.handler.is_urgent() { Duration::ZERO } else { BATCH_INTERVAL };
        Instant::now() + rest
    }

    async fn next_batch(
        &self,
        subscription: &mut Subscription,
        ready_at: Instant,
    ) -> Result<EventBatch, LogError> {
        tokio::select! {
            () = sleep_until(ready_at) => {}
            () = self.progress.wait_for_demand() => {}
        }
        subscription.next_batch().await
    }

    /// Applies a batch. A batch without events of this handler only advances the progress in memory.
    async fn handle_batch(
        &self,
        checkpoint: &mut Checkpoint,
        skipped: &mut Option<SkippedAhead>,
        batch: EventBatch,
    ) -> Result<Option<RunEnd>, sqlx::Error> {
        if batch.events.is_empty() && batch.poison.is_none() {
            self.record_progress(&batch);
            let write_at =
                skipped.take().map_or_else(|| Instant::now() + CHECKPOINT_LAG, |before| before.write_at);
            *skipped = Some(SkippedAhead { last: batch, write_at });
            return Ok(None);
        }
        if batch.poison.is_some()
            && let Some(end) = self.write_skipped(checkpoint, skipped).await?
        {
            return Ok(Some(end));
        }
        *skipped = None;
        self.apply(checkpoint, batch).await
    }

    async fn write_skipped(
        &self,
        checkpoint: &mut Checkpoint,
        skipped: &mut Option<SkippedAhead>,
    ) -> Result<Option<RunEnd>, sqlx::Error> {
        match skipped.take() {
            Some(skipped) => self.apply(checkpoint, skipped.last).await,
            None => Ok(None),
        }
    }

    async fn subscribe(&self, checkpoint: &Checkpoint) -> Result<Subscription, LogError> {
        let skipped = skipped_positions(&self.deps.pool, self.handler.name())
            .await
            .map_err(|error| LogError::Unavailable(Box::new(error)))?;
        let handler = self.handler.clone();
        let filter = EventFilter {
            handles: Arc::new(move |aggregate_type| handler.handles(aggregate_type)),
            skipped: skipped.into(),
        };
        Ok(Subscription::new(
            self.deps.log.clone(),
            filter,
            self.deps.committed.clone(),
            self.deps.consumer.as_ref(),
            checkpoint.position,
            self.deps.batch_size,
            self.deps.poll_interval,
        ))
    }

    /// Applies one batch. Returns `Some` if the round is over.
    async fn apply(
        &self,
        checkpoint: &mut Checkpoint,
        batch: EventBatch,
    ) -> Result<Option<RunEnd>, sqlx::Error> {
        let begun = Instant::now();
        let name = self.handler.name();
        if batch.last > batch.after {
            let failures = &self.progress.failures;
            match apply_batch(&self.deps.pool, &*self.handler, checkpoint, &batch, failures).await? {
                BatchResult::Applied => self.record_applied(checkpoint, &batch, begun),
                BatchResult::Poisoned { before, position, reason } => {
                    checkpoint.position = before;
                    self.progress.advance_to(before);
                    return self.record_poison(checkpoint, position, reason).await.map(Some);
                }
                BatchResult::Partial { before } => {
                    self.progress.advance_to(before);
                    return Ok(Some(RunEnd::Restart));
                }
                BatchResult::CheckpointMoved => {
                    return self.end_after_move(checkpoint, &batch).await.map(Some);
                }
            }
        }
        if let Some((position, reason)) = batch.poison {
            return self.record_poison(checkpoint, position, reason).await.map(Some);
        }
        metrics::counter!("kafedra_projection_batches_total", "name" => name).increment(1);
        Ok(None)
    }

    fn record_applied(&self, checkpoint: &mut Checkpoint, batch: &EventBatch, begun: Instant) {
        checkpoint.position = batch.last;
        if !batch.events.is_empty() {
            let name = self.handler.name();
            self.handler.on_commit();
            metrics::counter!("kafedra_projection_events_total", "name" => name)
                .increment(batch.events.len() as u64);
            metrics::histogram!("kafedra_projection_batch_seconds", "name" => name).record(begun.elapsed());
        }
        self.record_progress(batch);
    }

    /// Advances the progress to the end of the batch, and reports the lag.
    fn record_progress(&self, batch: &EventBatch) {
        let name = self.handler.name();
        self.progress.advance_to(batch.last);
        if let Some(recorded_at) = batch.last_recorded_at {
            let lag = self.deps.clock.now().duration_since(recorded_at).as_secs_f64().max(0.0);
            metrics::gauge!("kafedra_projection_lag_seconds", "name" => name).set(lag);
        }
    }

    /// Decides how to continue after the checkpoint has moved.
    ///
    /// Reasons are a switch of tables, a commit whose acknowledgement was lost, or another OS process that
    /// applies.
    async fn end_after_move(&self, seen: &Checkpoint, batch: &EventBatch) -> Result<RunEnd, sqlx::Error> {
        let now = self.handler.kind().find(&self.deps.pool, self.handler.name()).await?;
        let ours = now.is_none_or(|now| now.generation != seen.generation || now.position == batch.last);
        Ok(if ours { RunEnd::Restart } else { RunEnd::Yield })
    }

    async fn record_poison(
        &self,
        checkpoint: &Checkpoint,
        position: Position,
        reason: String,
    ) -> Result<RunEnd, sqlx::Error> {
        let name = self.handler.name();
        let error = CheckpointError { position, error: reason, since: self.deps.clock.now() };
        self.handler.kind().record_failure(&self.deps.pool, name, checkpoint, &error).await?;
        tracing::error!(name, position = position.0, reason = error.error, "stopped before a poison event");
        metrics::counter!("kafedra_projection_poison_total", "name" => name).increment(1);
        Ok(RunEnd::Restart)
    }

    async fn back_off_or_restart(&self, error: &str, retry: &mut Duration) -> RunEnd {
        if self.back_off(error, retry).await { RunEnd::Cancelled } else { RunEnd::Restart }
    }

    /// Waits, twice as long each time up to [`RETRY_MAX`]. Returns true if it was cancelled meanwhile.
    pub(crate) async fn back_off(&self, error: &str, retry: &mut Duration) -> bool {
        self.progress.set_state(LocalState::Waiting);
        tracing::warn!(name = self.handler.name(), error, "dependency unavailable, retrying");
        let pause = *retry;
        *retry = (pause * 2).min(RETRY_MAX);
        self.pause(pause).await
    }

    async fn wait_for_wake(&self, lease: &Lease, longest: Duration) {
        tokio::select! {
            () = self.deps.cancel.cancelled() => {}
            () = lease.lost() => {}
            _ = timeout(longest, self.progress.wake.notified()) => {}
        }
    }

    /// Waits; returns true if it was cancelled meanwhile.
    async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            () = self.deps.cancel.cancelled() => true,
            () = sleep(pause) => false,
        }
    }
}

async fn wait_until_due(skipped: Option<&SkippedAhead>) {
    match skipped {
        Some(skipped) => sleep_until(skipped.write_at).await,
        None => std::future::pending().await,
    }
}
