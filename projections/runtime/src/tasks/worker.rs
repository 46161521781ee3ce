//! Does the tasks of one kind: claims what is due, keeps the lease, writes down the outcome.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use domain::Clock;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::claim::{Finished, claim, finish, next_due, renew};
use crate::process_manager::{Outcome, Task, TaskHandler};
use crate::stream::error_chain;

/// Wakes the workers of this process, each by the kind of its tasks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nudges(Arc<RwLock<Vec<Wake>>>);

/// Of a kind of tasks.
#[derive(Clone, Debug)]
struct Wake {
    kind: &'static str,
    nudge: Arc<Notify>,
}

impl Nudges {
    pub(crate) fn all(&self) {
        self.those(|_| true);
    }

    pub(crate) fn of(&self, kind: &str) {
        self.those(|known| known == kind);
    }

    fn those(&self, wanted: impl Fn(&str) -> bool) {
        for wake in self.0.read().expect("no holder of this lock panics").iter() {
            if wanted(wake.kind) {
                wake.nudge.notify_one();
            }
        }
    }

    fn mine(&self, kind: &'static str) -> Arc<Notify> {
        let nudge = Arc::new(Notify::new());
        let wake = Wake { kind, nudge: nudge.clone() };
        self.0.write().expect("no holder of this lock panics").push(wake);
        nudge
    }
}

#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) pool: PgPool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) handler: Arc<dyn TaskHandler>,
    pub(crate) nudges: Nudges,
    /// How long a task stays with a worker that does not say that it lives.
    pub(crate) lease: Duration,
    /// How often the table is asked without any sign: tasks of other processes, retries by hand.
    pub(crate) poll: Duration,
    /// How long running tasks may take to end when the process does.
    pub(crate) drain: Duration,
    pub(crate) cancel: CancellationToken,
}

impl Worker {
    /// Works until it is cancelled; then waits for what runs, and gives back what does not end.
    pub(crate) async fn run(self) {
        let places = Arc::new(Semaphore::new(self.handler.concurrency().max(1)));
        let nudge = self.nudges.mine(self.handler.kind());
        let mut running = JoinSet::new();
        let worker = Arc::new(self);
        while !worker.cancel.is_cancelled() {
            while running.try_join_next().is_some() {}
            let pause = worker.begin_due(&places, &mut running).await;
            tokio::select! {
                () = worker.cancel.cancelled() => {}
                () = nudge.notified() => {}
                () = sleep(pause) => {}
            }
        }
        if timeout(worker.drain, async { while running.join_next().await.is_some() {} }).await.is_err() {
            tracing::warn!(kind = worker.handler.kind(), "tasks that did not end in time are given back");
            running.shutdown().await;
        }
    }

    /// Begins what may begin and tells how long nothing else will be due.
    async fn begin_due(self: &Arc<Self>, places: &Arc<Semaphore>, running: &mut JoinSet<()>) -> Duration {
        let kind = self.handler.kind();
        loop {
            let free = places.available_permits();
            if free == 0 {
                // The end of a task is a nudge.
                return self.poll;
            }
            let now = self.clock.now();
            let tasks = match claim(&self.pool, kind, now, free, self.lease).await {
                Ok(tasks) => tasks,
                Err(error) => {
                    tracing::warn!(
                        kind,
                        error = error_chain(&error),
                        "tasks can not be claimed, trying again"
                    );
                    return self.poll;
                }
            };
            if tasks.is_empty() {
                let due = next_due(&self.pool, kind, now).await.ok().flatten();
                let wait = due
                    .map(|due| due.duration_since(self.clock.now()).max(SignedDuration::ZERO).unsigned_abs());
                return wait.map_or(self.poll, |wait| wait.min(self.poll));
            }
            for task in tasks {
                let place = places.clone().try_acquire_owned().expect("only this loop takes places");
                running.spawn(self.clone().attempt(task, place));
            }
        }
    }

    async fn attempt(self: Arc<Self>, task: Task, place: OwnedSemaphorePermit) {
        let kind = self.handler.kind();
        let returned = ReturnOnDrop { worker: self.clone(), task: Some(task.clone()) };
        let outcome = tokio::select! {
            outcome = self.run_handler(&task) => Some(outcome),
            () = self.keep_lease(&task) => None,
        };
        if let Some(outcome) = outcome {
            let label = match &outcome {
                Outcome::Done => "done",
                Outcome::RetryAt { .. } => "retry",
                Outcome::Abandon { .. } => "abandoned",
            };
            metrics::counter!("kafedra_tasks_total", "kind" => kind, "outcome" => label).increment(1);
            if let Some(next) = self.write_down(&task, &outcome).await {
                self.nudges.of(&next);
            }
        } else {
            tracing::error!(kind, id = %task.id, "the lease of a task was lost while it ran");
        }
        returned.disarm();
        drop(place);
        // A place is free.
        self.nudges.of(kind);
    }

    /// A handler that panics is an attempt whose outcome nobody knows.
    async fn run_handler(&self, task: &Task) -> Outcome {
        let (handler, owned) = (self.handler.clone(), task.clone());
        let mut joined = JoinSet::new();
        joined.spawn(async move { handler.run(&owned).await });
        match joined.join_next().await {
            Some(Ok(outcome)) => outcome,
            Some(Err(_)) | None => {
                tracing::error!(kind = task.kind, id = %task.id, "a task handler panicked");
                let seconds = 2i64.saturating_pow(task.attempt.min(10));
                Outcome::RetryAt {
                    at: self.clock.now() + SignedDuration::from_secs(seconds),
                    error: "the handler panicked".to_owned(),
                    outcome_unknown: true,
                }
            }
        }
    }

    /// Renews the lease for as long as the task is ours; ends when it is not.
    async fn keep_lease(&self, task: &Task) {
        loop {
            sleep(self.lease / 3).await;
            match renew(&self.pool, task, self.lease).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(kind = task.kind, error = error_chain(&error), "a lease is not renewed")
                }
            }
        }
    }

    /// Tries until the outcome is written: a lost one would be another attempt. Gives the kind of the task with
    /// which the lane goes on.
    async fn write_down(&self, task: &Task, outcome: &Outcome) -> Option<String> {
        let mut pause = Duration::from_millis(50);
        loop {
            match finish(&self.pool, task, outcome, self.clock.now()).await {
                Ok(Finished::Written { next }) => return next,
                Ok(Finished::TooLate) => {
                    tracing::error!(kind = task.kind, id = %task.id, "the outcome of a task came after its lease");
                    return None;
                }
                Err(error) => {
                    tracing::warn!(
                        kind = task.kind,
                        error = error_chain(&error),
                        "an outcome is not written, trying again"
                    );
                    sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
            }
        }
    }
}

/// Gives a task back at once when its attempt is dropped in the middle, instead of after the lease.
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
            let cut = Outcome::RetryAt {
                at: now,
                error: "cut off by a shutdown".to_owned(),
                outcome_unknown: true,
            };
            let _ = timeout(Duration::from_secs(2), finish(&worker.pool, &task, &cut, now)).await;
        });
    }
}
