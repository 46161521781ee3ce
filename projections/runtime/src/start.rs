//! Starts the relay, the runners and the workers of this OS process, and ends them together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::context::ContextBuilder;
use domain::{Clock, EventLog, Position};
use futures::FutureExt;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::apply_batch::{EventHandler, ReadModelHandler};
use crate::leadership::Leadership;
use crate::process_manager::{ProcessManager, TaskHandler};
use crate::progress::HandlerProgress;
use crate::read_model::ReadModel;
use crate::rebuild;
use crate::runner::{Runner, RunnerDeps, Upgrade};
use crate::stream::{
    ConnectError, Relay, RelayReport, RelayState, SharedConsumer, StreamHandle, StreamSettings, connect,
};
use crate::supervise::supervise;
use crate::table_copies::can_switch_back;
use crate::tasks::{ProcessManagerHandler, Pruner, Worker, WorkerWakeups};

/// Event handlers and task handlers, with their dependencies.
pub struct Components {
    pub pool: PgPool,
    pub log: Arc<dyn EventLog>,
    /// Highest position known to be committed by any OS process.
    pub committed: watch::Receiver<Position>,
    pub clock: Arc<dyn Clock>,
    pub read_models: Vec<Arc<dyn ReadModel>>,
    pub process_managers: Vec<Arc<dyn ProcessManager>>,
    pub task_handlers: Vec<Arc<dyn TaskHandler>>,
}

/// Process roles of this OS process. Other OS processes have the other roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    pub relay: bool,
    pub read_models: bool,
    /// Process managers and their tasks.
    pub processes: bool,
}

impl Roles {
    /// All process roles.
    pub const ALL: Self = Self { relay: true, read_models: true, processes: true };
    /// No process roles. Waiting, status and rebuilds still work.
    pub const NONE: Self = Self { relay: false, read_models: false, processes: false };
}

/// Settings of the runtime; the defaults suit almost every installation.
#[derive(Clone, Debug)]
pub struct RuntimeSettings {
    /// Settings of the stream. Without one, all events are read from PostgreSQL.
    pub stream: Option<StreamSettings>,
    /// Maximum number of events that a read model applies in one transaction.
    pub batch_size: usize,
    /// Interval of polls of the log without a notification.
    pub poll_interval: Duration,
    /// Time for which a task stays with a worker that does not renew its lease.
    pub task_lease: Duration,
    /// Interval of polls for tasks of other OS processes and for manual retries.
    pub task_poll_interval: Duration,
    /// Time for which a done task is kept.
    pub task_retention: Duration,
    /// Time that running tasks have to end at a shutdown.
    pub drain_timeout: Duration,
    /// True if older code may replace the tables of newer code, after a deployment is taken back.
    pub allow_downgrade: bool,
}

impl Default for RuntimeSettings {
    fn default() -> Self {
        Self {
            stream: None,
            batch_size: 1_000,
            poll_interval: Duration::from_secs(1),
            task_lease: Duration::from_secs(30),
            task_poll_interval: Duration::from_secs(1),
            task_retention: Duration::from_secs(30 * 24 * 3_600),
            drain_timeout: Duration::from_secs(10),
            allow_downgrade: false,
        }
    }
}

/// Reason why the runtime was not started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("two event handlers, task handlers or tables have the name {0}")]
    DuplicateName(String),
    #[error(transparent)]
    Stream(#[from] ConnectError),
}

/// Handle of the running relay, runners and workers.
pub struct ProjectionRuntime {
    pub(crate) components: Components,
    pub(crate) progress: HashMap<&'static str, Arc<HandlerProgress>>,
    pub(crate) relay: Option<watch::Receiver<RelayReport>>,
    pub(crate) stream_handle: Option<StreamHandle>,
    pub(crate) wakeups: WorkerWakeups,
    pub(crate) tracker: TaskTracker,
    cancel: CancellationToken,
    pub(crate) lock_holder: tokio::sync::Mutex<Option<(CancellationToken, tokio::task::JoinHandle<()>)>>,
}

impl ProjectionRuntime {
    /// Starts the tasks of the given process roles. They end when `cancel` is cancelled.
    ///
    /// [`ProjectionRuntime::wait_until_ended`] waits for the end. An unavailable NATS or database is not an
    /// error: the tasks wait for them.
    ///
    /// # Errors
    /// [`StartError::DuplicateName`] if two components have the same name. [`StartError::Stream`] if the
    /// address of the stream is invalid.
    pub async fn start(
        components: Components,
        settings: RuntimeSettings,
        roles: Roles,
        cancel: CancellationToken,
    ) -> Result<Arc<Self>, StartError> {
        check_names(&components)?;
        let stream_handle = match &settings.stream {
            Some(stream) => {
                let client = connect(stream).await?;
                let jetstream = ContextBuilder::new().timeout(stream.request_timeout).build(client.clone());
                Some(StreamHandle { client, jetstream, name: stream.name.clone() })
            }
            None => None,
        };
        // The locks outlive the runners, so that no OS process takes over unfinished work.
        let lock_holder_cancel = CancellationToken::new();
        let (leadership, lock_holder) = Leadership::start(&components.pool, lock_holder_cancel.clone());
        let lock_holder = TaskTracker::new().spawn(lock_holder);
        let mut projections = Self {
            components,
            progress: HashMap::new(),
            relay: None,
            stream_handle,
            wakeups: WorkerWakeups::default(),
            tracker: TaskTracker::new(),
            cancel,
            lock_holder: tokio::sync::Mutex::new(Some((lock_holder_cancel, lock_holder))),
        };
        if roles.relay {
            projections.start_relay(&settings, &leadership);
        }
        let mut deps = projections.runner_deps(&settings, leadership);
        if roles.read_models || roles.processes {
            deps.consumer = projections.start_consumer();
        }
        if roles.read_models {
            projections.start_read_models(&deps);
        }
        if roles.processes {
            projections.start_processes(&settings, &deps);
        }
        projections.tracker.close();
        Ok(Arc::new(projections))
    }

    fn runner_deps(&self, settings: &RuntimeSettings, leadership: Leadership) -> RunnerDeps {
        RunnerDeps {
            pool: self.components.pool.clone(),
            log: self.components.log.clone(),
            committed: self.components.committed.clone(),
            consumer: None,
            leadership,
            clock: self.components.clock.clone(),
            batch_size: settings.batch_size.max(1),
            poll_interval: settings.poll_interval,
            allow_downgrade: settings.allow_downgrade,
            cancel: self.cancel.clone(),
        }
    }

    fn start_relay(&mut self, settings: &RuntimeSettings, leadership: &Leadership) {
        let (Some(stream), Some(stream_handle)) = (settings.stream.clone(), &self.stream_handle) else {
            return;
        };
        let (report, receiver) = watch::channel(RelayReport {
            stream: stream.name.clone(),
            state: RelayState::Standby,
            position: Position::START,
            detail: None,
            updated_at: self.components.clock.now(),
        });
        self.relay = Some(receiver);
        let relay = Relay {
            pool: self.components.pool.clone(),
            log: self.components.log.clone(),
            committed: self.components.committed.clone(),
            client: stream_handle.client.clone(),
            settings: stream,
            leadership: leadership.clone(),
            clock: self.components.clock.clone(),
            report,
            poll_interval: settings.poll_interval,
        };
        let cancel = self.cancel.clone();
        self.tracker.spawn(supervise("relay", move || relay.clone().run(cancel.clone())));
    }

    fn start_consumer(&self) -> Option<SharedConsumer> {
        let stream_handle = self.stream_handle.clone()?;
        let consumer = SharedConsumer::new();
        let (following, log, cancel) = (consumer.clone(), self.components.log.clone(), self.cancel.clone());
        self.tracker.spawn(supervise("consumer", move || {
            following.clone().run(stream_handle.clone(), log.clone(), cancel.clone())
        }));
        Some(consumer)
    }

    fn start_read_models(&mut self, deps: &RunnerDeps) {
        for model in self.components.read_models.clone() {
            let upgrade =
                table_upgrade(self.components.pool.clone(), self.components.log.clone(), model.clone());
            self.start_runner(deps, Arc::new(ReadModelHandler(model)), Some(upgrade));
        }
    }

    fn start_processes(&mut self, settings: &RuntimeSettings, deps: &RunnerDeps) {
        for handler in self.components.task_handlers.clone() {
            let worker = Worker {
                pool: self.components.pool.clone(),
                clock: self.components.clock.clone(),
                handler,
                wakeups: self.wakeups.clone(),
                lease: settings.task_lease,
                poll_interval: settings.task_poll_interval,
                drain_timeout: settings.drain_timeout,
                cancel: self.cancel.clone(),
                failing: Arc::default(),
            };
            let name = format!("worker of {}", worker.handler.kind());
            self.tracker.spawn(supervise(name, move || worker.clone().run()));
        }
        let pruner = Pruner {
            pool: self.components.pool.clone(),
            clock: self.components.clock.clone(),
            kinds: self.components.task_handlers.iter().map(|handler| handler.kind()).collect(),
            retention: settings.task_retention,
            cancel: self.cancel.clone(),
        };
        self.tracker.spawn(supervise("pruner", move || pruner.clone().run()));
        for process in self.components.process_managers.clone() {
            let (clock, wakeups) = (self.components.clock.clone(), self.wakeups.clone());
            self.start_runner(deps, Arc::new(ProcessManagerHandler::new(process, clock, wakeups)), None);
        }
    }

    fn start_runner(&mut self, deps: &RunnerDeps, handler: Arc<dyn EventHandler>, upgrade: Option<Upgrade>) {
        let progress = Arc::new(HandlerProgress::new(handler.name()));
        self.progress.insert(handler.name(), progress.clone());
        let runner = Runner { deps: deps.clone(), handler, progress, upgrade };
        self.tracker.spawn(supervise(runner.handler.name(), move || runner.clone().run()));
    }
}

/// Returns the upgrade of a read model to the version of the code.
///
/// The upgrade switches back if the previous tables have that version. Otherwise it rebuilds.
fn table_upgrade(pool: PgPool, log: Arc<dyn EventLog>, model: Arc<dyn ReadModel>) -> Upgrade {
    Arc::new(move || {
        let (pool, log, model) = (pool.clone(), log.clone(), model.clone());
        async move {
            let back = can_switch_back(&pool, &*model).await.map_err(|error| error.to_string())?;
            let renewed = if back {
                rebuild::switch_back(&pool, log, model, Box::new(|_| {})).await
            } else {
                rebuild::rebuild(&pool, log, model, Box::new(|_| {})).await
            };
            renewed.map(|_| ()).map_err(|error| error.to_string())
        }
        .boxed()
    })
}

fn check_names(components: &Components) -> Result<(), StartError> {
    let mut seen = HashSet::new();
    let mut check_unique = |name: &str| {
        if seen.insert(name.to_owned()) { Ok(()) } else { Err(StartError::DuplicateName(name.to_owned())) }
    };
    for model in &components.read_models {
        check_unique(model.name())?;
        for table in model.tables() {
            // Table names must be unique without schema: a rebuild finds tables by their bare names.
            check_unique(&format!("table {}", table.rsplit('.').next().unwrap_or(table)))?;
        }
    }
    components.process_managers.iter().try_for_each(|process| check_unique(process.name()))?;
    components
        .task_handlers
        .iter()
        .try_for_each(|handler| check_unique(&format!("handler of {}", handler.kind())))
}
