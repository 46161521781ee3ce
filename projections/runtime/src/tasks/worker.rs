//! Worker of one kind of tasks: claims due tasks, renews their leases, and writes their outcomes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use domain::Clock;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::claim::{FinishResult, claim, finish, next_due, renew};
use crate::apply_batch::failure_reason;
use crate::error::error_chain;
use crate::process_manager::{Task, TaskHandler, TaskOutcome};
use crate::read_model::ApplyError;

/// Maximum duration of an attempt, in leases. A handler that waits for a silent connection is ended then.
const HANDLER_LEASES: u32 = 10;

/// Wakes the workers of this OS process, by the kind of their tasks.
#[derive(Clone, Debug, Default)]
pub(crate) struct WorkerWakeups(Arc<RwLock<Vec<WakeHandle>>>);

/// Wake handle of the worker of one kind of tasks.
#[derive(Clone, Debug)]
struct WakeHandle {
    kind: &'static str,
    notify: Arc<Notify>,
}

impl WorkerWakeups {
    pub(crate) fn wake_all(&self) {
        self.notify_matching(|_| true);
    }

    pub(crate) fn wake_kind(&self, kind: &str) {
        self.notify_matching(|known| known == kind);
    }

    fn notify_matching(&self, wanted: impl Fn(&str) -> bool) {
        for wake in self.0.read().expect("no holder of this lock panics").iter() {
            if wanted(wake.kind) {
                wake.notify.notify_one();
            }
        }
    }

    fn register(&self, kind: &'static str) -> Arc<Notify> {
        let notify = Arc::new(Notify::new());
        let wake = WakeHandle { kind, notify: notify.clone() };
        self.0.write().expect("no holder of this lock panics").push(wake);
        notify
    }
}

/// Worker of one kind of tasks in this OS process.
#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) pool: PgPool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) handler: Arc<dyn TaskHandler>,
    pub(crate) wakeups: WorkerWakeups,
    /// Time for which a task stays with a worker that does not renew its lease.
    pub(crate) lease: Duration,
    /// Interval of polls for tasks of other OS processes and for manual retries.
    pub(crate) poll_interval: Duration,
    /// Time that running tasks have to end at a shutdown.
    pub(crate) drain_timeout: Duration,
    pub(crate) cancel: CancellationToken,
    /// True if the last claim has failed.
    pub(crate) failing: Arc<AtomicBool>,
}

impl Worker {
    /// Runs until it is cancelled. Then waits for running tasks, and returns the ones that do not end in
    /// time.
    pub(crate) async fn run(self) {
        let permits = Arc::new(Semaphore::new(self.handler.concurrency().max(1)));
        let notify = self.wakeups.register(self.handler.kind());
        let mut running = JoinSet::new();
        let worker = Arc::new(self);
        while !worker.cancel.is_cancelled() {
            while running.try_join_next().is_some() {}
            let pause = worker.start_due_tasks(&permits, &mut running).await;
            tokio::select! {
                () = worker.cancel.cancelled() => {}
                () = notify.notified() => {}
                () = sleep(pause) => {}
            }
        }
        if timeout(worker.drain_timeout, async { while running.join_next().await.is_some() {} })
            .await
            .is_err()
        {
            tracing::warn!(kind = worker.handler.kind(), "returning tasks that did not end in time");
            running.shutdown().await;
        }
    }

    /// Starts the due tasks. Returns the time until the next claim.
    async fn start_due_tasks(
        self: &Arc<Self>,
        permits: &Arc<Semaphore>,
        running: &mut JoinSet<()>,
    ) -> Duration {
        let kind = self.handler.kind();
        loop {
            let free = permits.available_permits();
            if free == 0 {
                // The end of a task wakes this loop.
                return self.poll_interval;
            }
            let now = self.clock.now();
            let tasks = match claim(&self.pool, kind, now, free, self.lease).await {
                Ok(tasks) => {
                    if self.failing.swap(false, Ordering::Relaxed) {
                        tracing::info!(kind, "tasks are claimed again");
                    }
                    tasks
                }
                Err(error) => {
                    // One line until the database is back, and not one for each attempt.
                    if !self.failing.swap(true, Ordering::Relaxed) {
                        tracing::warn!(kind, error = error_chain(&error), "cannot claim tasks, retrying");
                    }
                    return self.poll_interval;
                }
            };
            if tasks.is_empty() {
                let due = next_due(&self.pool, kind, now).await.ok().flatten();
                let wait = due
                    .map(|due| due.duration_since(self.clock.now()).max(SignedDuration::ZERO).unsigned_abs());
                return wait.map_or(self.poll_interval, |wait| wait.min(self.poll_interval));
            }
            for task in tasks {
                let permit = permits.clone().try_acquire_owned().expect("only this loop takes permits");
                running.spawn(self.clone().run_attempt(task, permit));
            }
        }
    }

    async fn run_attempt(self: Arc<Self>, task: Task, permit: OwnedSemaphorePermit) {
        let kind = self.handler.kind();
        let returned = ReturnOnDrop { worker: self.clone(), task: Some(task.clone()) };
        let outcome = tokio::select! {
            outcome = self.run_handler(&task) => Some(outcome),
            () = self.keep_lease(&task) => None,
        };
        if let Some(outcome) = outcome {
            let label = match &outcome {
                TaskOutcome::Done => "done",
                TaskOutcome::RetryAt { .. } => "retry",
                TaskOutcome::Abandon { .. } => "abandoned",
            };
            metrics::counter!("kafedra_tasks_total", "kind" => kind, "outcome" => label).increment(1);
            if let Some(next) = self.save_outcome(&task, &outcome).await {
                self.wakeups.wake_kind(&next);
            }
        } else {
            tracing::error!(kind, id = %task.id, "lost the lease of a running task");
        }
        returned.disarm();
        drop(permit);
        // A permit is free: another task may start.
        self.wakeups.wake_kind(kind);
    }

    /// Runs the handler. A panic, and the end of its time, are attempts with an unknown outcome.
    async fn run_handler(&self, task: &Task) -> TaskOutcome {
        let (handler, owned) = (self.handler.clone(), task.clone());
        // Dropped, it ends the handler.
        let mut joined = JoinSet::new();
        joined.spawn(async move { handler.run(&owned).await });
        let error = match timeout(self.lease * HANDLER_LEASES, joined.join_next()).await {
            Ok(Some(Ok(outcome))) => return outcome,
            Ok(Some(Err(_)) | None) => "the handler panicked",
            Err(_) => "the handler did not end in time",
        };
        tracing::error!(kind = task.kind, id = %task.id, error, "an attempt has no outcome");
        let seconds = 2i64.saturating_pow(task.attempt.min(6));
        TaskOutcome::RetryAt {
            at: self.clock.now() + SignedDuration::from_secs(seconds),
            error: error.to_owned(),
            outcome_unknown: true,
        }
    }

    /// Renews the lease at a third of its time. Ends when the lease is lost.
    async fn keep_lease(&self, task: &Task) {
        loop {
            sleep(self.lease / 3).await;
            match renew(&self.pool, task, self.lease).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(kind = task.kind, error = error_chain(&error), "cannot renew a lease")
                }
            }
        }
    }

    /// Retries until the outcome is written, because a lost outcome would lead to another attempt.
    ///
    /// Abandons the task if the outcome can never be written, such as an error with a null character. Returns the
    /// kind of the next task of the queue, if there is one.
    async fn save_outcome(&self, task: &Task, outcome: &TaskOutcome) -> Option<String> {
        let mut pause = Duration::from_millis(50);
        let mut abandon = None;
        loop {
            match finish(&self.pool, task, abandon.as_ref().unwrap_or(outcome), self.clock.now()).await {
                Ok(FinishResult::Written { next }) => return next,
                Ok(FinishResult::TooLate) => {
                    tracing::error!(kind = task.kind, id = %task.id, "outcome of a task after its lease");
                    return None;
                }
                Err(error) if abandon.is_none() && is_of_values(&error) => {
                    let reason = failure_reason(&ApplyError::Database(error));
                    tracing::error!(kind = task.kind, id = %task.id, reason, "an outcome cannot be written");
                    let error = format!("the outcome cannot be written: {reason}");
                    abandon = Some(TaskOutcome::Abandon { error });
                }
                Err(error) => {
                    tracing::warn!(
                        kind = task.kind,
                        error = error_chain(&error),
                        "cannot write an outcome, retrying"
                    );
                    sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
            }
        }
    }
}

/// Returns true if the table does not take the values of a row: data exceptions, constraints and limits.
fn is_of_values(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
    ["22", "23", "54"].iter().any(|class| code.starts_with(class))
}

/// Returns a task at once, and not only after its lease, if its attempt is dropped.
struct ReturnOnDrop {
    worker: Arc<Worker>,
    task: Option<Task>,
}

impl ReturnOnDrop {
    fn disarm(mut self) {
        self.task = None;
    }
}

impl Drop for ReturnOnDrop {
    fn drop(&mut self) {
        let (Some(task), Ok(runtime)) = (self.task.take(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        let worker = self.worker.clone();
        runtime.spawn(async move {
            let now = worker.clock.now();
            let cut = TaskOutcome::RetryAt {
                at: now,
                error: "cut off by a shutdown".to_owned(),
                outcome_unknown: true,
            };
            let _ = timeout(Duration::from_secs(2), finish(&worker.pool, &task, &cut, now)).await;
        });
    }
}
