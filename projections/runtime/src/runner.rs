//! One task per read model or process: events in, rows and checkpoint out, exactly once.

use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, EventLog, LogError};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::apply_batch::{Applied, Applier, apply};
use crate::checkpoint::{Checkpoint, CheckpointError, skips};
use crate::leadership::{Leadership, Lease};
use crate::progress::{LocalState, Place};
use crate::stream::{Batch, Ear, Filter, Subscription, error_chain};

const RETRY_MIN: Duration = Duration::from_millis(50);
const RETRY_MAX: Duration = Duration::from_secs(5);
/// How often a listener that stands still looks whether it may go on.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long the checkpoint may stay behind events that are not this listener's.
const PASSING: Duration = Duration::from_millis(100);

/// From one batch to the next, where nobody waits: a transaction of ten events costs little more than one of one.
const REST: Duration = Duration::from_millis(25);

/// What every runner of this process shares.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) pool: PgPool,
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) committed: watch::Receiver<u64>,
    /// None without a stream.
    pub(crate) ear: Option<Ear>,
    pub(crate) leadership: Leadership,
    pub(crate) clock: Arc<dyn Clock>,
    /// Most events in one transaction.
    pub(crate) batch: usize,
    pub(crate) poll: Duration,
    pub(crate) cancel: CancellationToken,
}

/// Brings the tables to the version of the code; given to runners of read models.
pub(crate) type Renew =
    Arc<dyn Fn() -> futures::future::BoxFuture<'static, Result<(), String>> + Send + Sync>;

pub(crate) struct Runner {
    pub(crate) around: Surroundings,
    pub(crate) applier: Arc<dyn Applier>,
    pub(crate) place: Arc<Place>,
    pub(crate) renew: Option<Renew>,
}

/// Events that are not the listener's have been passed up to here; the checkpoint does not say so yet.
struct Passed {
    last: Batch,
    write_at: Instant,
}

/// Why a round of applying ended.
enum End {
    /// The checkpoint is to be read again.
    Again,
    /// Somebody else applies: leadership is given back.
    Yield,
    Cancelled,
}

impl Runner {
    /// Runs until it is cancelled; a batch that has begun is finished first.
    pub(crate) async fn run(self) {
        let cancel = self.around.cancel.clone();
        let old_version = self.version_at_start().await;
        let office = format!("listener:{}", self.applier.name());
        loop {
            self.place.set(LocalState::Standby);
            let lease = tokio::select! {
                () = cancel.cancelled() => return,
                lease = self.around.leadership.lead(&office) => lease,
            };
            if matches!(self.lead(&lease, old_version).await, End::Cancelled) {
                return;
            }
            drop(lease);
            if self.pause(LOOK_EVERY).await {
                return;
            }
        }
    }

    /// The version that the tables had when this process started. Only from that one it renews them:
    /// a process that stays behind while newer ones run must not undo their work.
    async fn version_at_start(&self) -> Option<i32> {
        let mut retry = RETRY_MIN;
        loop {
            match self.applier.kind().find(&self.around.pool, self.applier.name()).await {
                Ok(found) => return found.map(|found| found.version),
                Err(error) => {
                    if self.away(&error_chain(&error), &mut retry).await {
                        return None;
                    }
                }
            }
        }
    }

    async fn lead(&self, lease: &Lease, old_version: Option<i32>) -> End {
        let mut retry = RETRY_MIN;
        loop {
            if self.around.cancel.is_cancelled() {
                return End::Cancelled;
            }
            if lease.is_lost() {
                return End::Yield;
            }
            let checkpoint = match self.checkpoint().await {
                Ok(checkpoint) => checkpoint,
                Err(error) => {
                    if self.away(&error, &mut retry).await {
                        return End::Cancelled;
                    }
                    continue;
                }
            };
            self.place.reach(checkpoint.position);
            if checkpoint.version != self.applier.version() {
                match &self.renew {
                    Some(renew) if old_version == Some(checkpoint.version) => self.renew(renew, lease).await,
                    // Newer tables: the processes that know them will come.
                    _ => return End::Yield,
                }
            } else if checkpoint.error.is_some() {
                self.place.set(LocalState::Stopped);
                self.wait_for_nudge(lease, LOOK_EVERY).await;
            } else {
                match self.apply_on(checkpoint, lease, &mut retry).await {
                    End::Again => {}
                    end => return end,
                }
            }
        }
    }

    async fn checkpoint(&self) -> Result<Checkpoint, String> {
        let (kind, name, pool) = (self.applier.kind(), self.applier.name(), &self.around.pool);
        let mut start = 0;
        if !self.applier.starts_at_beginning()
            && kind.find(pool, name).await.map_err(|e| error_chain(&e))?.is_none()
        {
            start = self.around.log.head().await.map_err(|e| error_chain(&e))?;
        }
        kind.load(pool, name, self.applier.version(), start).await.map_err(|e| error_chain(&e))
    }

    async fn renew(&self, renew: &Renew, lease: &Lease) {
        self.place.set(LocalState::Rebuilding);
        let renewed = tokio::select! {
            () = self.around.cancel.cancelled() => return,
            () = lease.lost() => return,
            renewed = renew() => renewed,
        };
        if let Err(error) = renewed {
            tracing::error!(name = self.applier.name(), error, "the tables could not be rebuilt");
            self.wait_for_nudge(lease, RETRY_MAX).await;
        }
    }

    /// Applies batch after batch from this checkpoint on.
    async fn apply_on(&self, mut checkpoint: Checkpoint, lease: &Lease, retry: &mut Duration) -> End {
        let mut subscription = match self.subscribe(&checkpoint).await {
            Ok(subscription) => subscription,
            Err(error) => return self.away_or_again(&error_chain(&error), retry).await,
        };
        self.place.set(LocalState::Running);
        let mut passed = None;
        let mut rested = Instant::now();
        loop {
            let next = tokio::select! {
                () = self.around.cancel.cancelled() => Err(End::Cancelled),
                () = lease.lost() => return End::Yield,
                () = self.place.nudge.notified() => Err(End::Again),
                () = due(passed.as_ref()) => Ok(None),
                batch = self.next(&mut subscription, rested) => Ok(Some(batch)),
            };
            let done = match next {
                Ok(Some(Ok(batch))) => {
                    rested = self.rests_until(&batch);
                    self.take(&mut checkpoint, &mut passed, batch).await
                }
                Ok(Some(Err(error))) => return self.away_or_again(&error_chain(&error), retry).await,
                Ok(None) => self.write_passed(&mut checkpoint, &mut passed).await,
                Err(end) => {
                    self.write_passed(&mut checkpoint, &mut passed).await.map(|other| other.or(Some(end)))
                }
            };
            match done {
                Ok(None) => *retry = RETRY_MIN,
                Ok(Some(end)) => return end,
                Err(error) => return self.away_or_again(&error_chain(&error), retry).await,
            }
        }
    }

    /// Who is behind does not rest.
    fn rests_until(&self, batch: &Batch) -> Instant {
        let whole = batch.last - batch.after >= self.around.batch as u64;
        let rest = if whole || self.applier.is_urgent() { Duration::ZERO } else { REST };
        Instant::now() + rest
    }

    async fn next(&self, subscription: &mut Subscription, rested: Instant) -> Result<Batch, LogError> {
        tokio::select! {
            () = sleep_until(rested) => {}
            () = self.place.is_wanted() => {}
        }
        subscription.next().await
    }

    /// A batch without events of this listener costs no transaction of its own.
    async fn take(
        &self,
        checkpoint: &mut Checkpoint,
        passed: &mut Option<Passed>,
        batch: Batch,
    ) -> Result<Option<End>, sqlx::Error> {
        if batch.events.is_empty() && batch.poison.is_none() {
            self.note(&batch);
            let write_at = passed.take().map_or_else(|| Instant::now() + PASSING, |before| before.write_at);
            *passed = Some(Passed { last: batch, write_at });
            return Ok(None);
        }
        if batch.poison.is_some()
            && let Some(end) = self.write_passed(checkpoint, passed).await?
        {
            return Ok(Some(end));
        }
        *passed = None;
        self.apply(checkpoint, batch).await
    }

    async fn write_passed(
        &self,
        checkpoint: &mut Checkpoint,
        passed: &mut Option<Passed>,
    ) -> Result<Option<End>, sqlx::Error> {
        match passed.take() {
            Some(passed) => self.apply(checkpoint, passed.last).await,
            None => Ok(None),
        }
    }

    async fn subscribe(&self, checkpoint: &Checkpoint) -> Result<Subscription, LogError> {
        let skipped = skips(&self.around.pool, self.applier.name())
            .await
            .map_err(|error| LogError::Unavailable(Box::new(error)))?;
        let applier = self.applier.clone();
        let filter = Filter {
            handles: Arc::new(move |aggregate_type| applier.handles(aggregate_type)),
            skipped: skipped.into(),
        };
        Ok(Subscription::new(
            self.around.log.clone(),
            filter,
            self.around.committed.clone(),
            self.around.ear.as_ref(),
            checkpoint.position,
            self.around.batch,
            self.around.poll,
        ))
    }

    /// One batch; `Some` when the round is over.
    async fn apply(&self, checkpoint: &mut Checkpoint, batch: Batch) -> Result<Option<End>, sqlx::Error> {
        let begun = Instant::now();
        let name = self.applier.name();
        if batch.last > batch.after {
            match apply(&self.around.pool, &*self.applier, checkpoint, &batch).await? {
                Applied::All => self.advanced(checkpoint, &batch, begun),
                Applied::Poison { before, position, reason } => {
                    checkpoint.position = before;
                    self.place.reach(before);
                    return self.stop(checkpoint, position, reason).await.map(Some);
                }
                Applied::Moved => return self.moved(checkpoint, &batch).await.map(Some),
            }
        }
        if let Some((position, reason)) = batch.poison {
            return self.stop(checkpoint, position, reason).await.map(Some);
        }
        metrics::counter!("kafedra_projection_batches_total", "name" => name).increment(1);
        Ok(None)
    }

    fn advanced(&self, checkpoint: &mut Checkpoint, batch: &Batch, begun: Instant) {
        checkpoint.position = batch.last;
        if !batch.events.is_empty() {
            let name = self.applier.name();
            self.applier.committed();
            metrics::counter!("kafedra_projection_events_total", "name" => name)
                .increment(batch.events.len() as u64);
            metrics::histogram!("kafedra_projection_batch_seconds", "name" => name).record(begun.elapsed());
        }
        self.note(batch);
    }

    /// Everything of this batch that is the listener's is in the tables.
    fn note(&self, batch: &Batch) {
        let name = self.applier.name();
        self.place.reach(batch.last);
        if let Some(recorded_at) = batch.last_recorded_at {
            let lag = self.around.clock.now().duration_since(recorded_at).as_secs_f64().max(0.0);
            metrics::gauge!("kafedra_projection_lag_seconds", "name" => name).set(lag);
        }
    }

    /// The checkpoint is not where it was left: after a switch of tables, after a commit whose answer
    /// was lost, or because another process applies too.
    async fn moved(&self, seen: &Checkpoint, batch: &Batch) -> Result<End, sqlx::Error> {
        let now = self.applier.kind().find(&self.around.pool, self.applier.name()).await?;
        let ours = now.is_none_or(|now| now.generation != seen.generation || now.position == batch.last);
        Ok(if ours { End::Again } else { End::Yield })
    }

    async fn stop(&self, checkpoint: &Checkpoint, position: u64, reason: String) -> Result<End, sqlx::Error> {
        let name = self.applier.name();
        let error = CheckpointError { position, error: reason, since: self.around.clock.now() };
        self.applier.kind().stop(&self.around.pool, name, checkpoint, &error).await?;
        tracing::error!(name, position, reason = error.error, "stopped by an event that can not be applied");
        metrics::counter!("kafedra_projection_poison_total", "name" => name).increment(1);
        Ok(End::Again)
    }

    async fn away_or_again(&self, error: &str, retry: &mut Duration) -> End {
        if self.away(error, retry).await { End::Cancelled } else { End::Again }
    }

    /// Waits longer each time; true when cancelled meanwhile.
    async fn away(&self, error: &str, retry: &mut Duration) -> bool {
        self.place.set(LocalState::Waiting);
        tracing::warn!(name = self.applier.name(), error, "not available, trying again");
        let pause = *retry;
        *retry = (pause * 2).min(RETRY_MAX);
        self.pause(pause).await
    }

    async fn wait_for_nudge(&self, lease: &Lease, longest: Duration) {
        tokio::select! {
            () = self.around.cancel.cancelled() => {}
            () = lease.lost() => {}
            _ = timeout(longest, self.place.nudge.notified()) => {}
        }
    }

    async fn pause(&self, pause: Duration) -> bool {
        tokio::select! {
            () = self.around.cancel.cancelled() => true,
            () = sleep(pause) => false,
        }
    }
}

async fn due(passed: Option<&Passed>) {
    match passed {
        Some(passed) => sleep_until(passed.write_at).await,
        None => std::future::pending().await,
    }
}
