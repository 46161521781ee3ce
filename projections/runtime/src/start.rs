//! Everything that listens to the log, started together and ended together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::context::ContextBuilder;
use domain::{Clock, EventLog};
use futures::FutureExt;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::apply_batch::{Applier, ModelApplier};
use crate::leadership::Leadership;
use crate::process_manager::{ProcessManager, TaskHandler};
use crate::progress::Place;
use crate::read_model::ReadModel;
use crate::rebuild;
use crate::runner::{Renew, Runner, Surroundings};
use crate::stream::{ConnectError, Ear, Relay, RelayReport, RelayState, StreamSettings, Tap, connect};
use crate::tasks::{Nudges, ProcessApplier, Pruner, Worker};

/// What listens, and what it needs for it.
pub struct Components {
    pub pool: PgPool,
    pub log: Arc<dyn EventLog>,
    /// Highest position known to be committed, by this process or another.
    pub committed: watch::Receiver<u64>,
    pub clock: Arc<dyn Clock>,
    pub read_models: Vec<Arc<dyn ReadModel>>,
    pub processes: Vec<Arc<dyn ProcessManager>>,
    pub task_handlers: Vec<Arc<dyn TaskHandler>>,
}

/// What this process does of it; the rest is done by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    pub relay: bool,
    pub read_models: bool,
    /// Processes and their tasks.
    pub processes: bool,
}

impl Roles {
    pub const ALL: Self = Self { relay: true, read_models: true, processes: true };
    /// Nothing runs here; waiting, status and rebuilds still work.
    pub const NONE: Self = Self { relay: false, read_models: false, processes: false };
}

/// Numbers that hardly anybody changes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Without one, everything is read from Postgres.
    pub stream: Option<StreamSettings>,
    /// Most events that a read model applies in one transaction.
    pub batch: usize,
    /// How often the log is asked without any sign that something is there.
    pub poll: Duration,
    /// How long a task stays with a worker that does not say that it lives.
    pub task_lease: Duration,
    /// How often the tasks are asked without any sign: those of other processes, retries by hand.
    pub task_poll: Duration,
    /// How long a task is kept after it was done.
    pub task_keep: Duration,
    /// How long running tasks may take to end when the process does.
    pub drain: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            stream: None,
            batch: 1_000,
            poll: Duration::from_secs(1),
            task_lease: Duration::from_secs(30),
            task_poll: Duration::from_secs(1),
            task_keep: Duration::from_secs(30 * 24 * 3_600),
            drain: Duration::from_secs(10),
        }
    }
}

/// Why nothing was started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("two listeners or tables are named {0}")]
    Twice(String),
    #[error(transparent)]
    Stream(#[from] ConnectError),
}

/// The handle of what runs, and of what can be asked for.
pub struct ProjectionRuntime {
    pub(crate) parts: Components,
    pub(crate) places: HashMap<&'static str, Arc<Place>>,
    pub(crate) relay: Option<watch::Receiver<RelayReport>>,
    pub(crate) tap: Option<Tap>,
    pub(crate) nudges: Nudges,
    pub(crate) tracker: TaskTracker,
    cancel: CancellationToken,
    pub(crate) holder: tokio::sync::Mutex<Option<(CancellationToken, tokio::task::JoinHandle<()>)>>,
}

impl ProjectionRuntime {
    /// Starts what `roles` name. Ends when `cancel` says so; [`ProjectionRuntime::ended`] waits for it.
    ///
    /// # Errors
    /// Two parts have one name, or the address of the stream can not be read. That NATS or the
    /// database is away is no error: everything waits for them.
    pub async fn start(
        parts: Components,
        settings: Settings,
        roles: Roles,
        cancel: CancellationToken,
    ) -> Result<Arc<Self>, StartError> {
        check_names(&parts)?;
        let tap = match &settings.stream {
            Some(stream) => {
                let client = connect(stream).await?;
                let jetstream = ContextBuilder::new().timeout(Duration::from_secs(5)).build(client.clone());
                Some(Tap { client, jetstream, stream: stream.name.clone() })
            }
            None => None,
        };
        // The locks outlive what they are for: nobody takes over what is still being finished.
        let holder_cancel = CancellationToken::new();
        let (leadership, holder) = Leadership::start(&parts.pool, holder_cancel.clone());
        let holder = TaskTracker::new().spawn(holder);
        let mut projections = Self {
            parts,
            places: HashMap::new(),
            relay: None,
            tap,
            nudges: Nudges::default(),
            tracker: TaskTracker::new(),
            cancel,
            holder: tokio::sync::Mutex::new(Some((holder_cancel, holder))),
        };
        if roles.relay {
            projections.start_relay(&settings, &leadership);
        }
        let mut around = projections.surroundings(&settings, leadership);
        if roles.read_models || roles.processes {
            around.ear = projections.start_ear();
        }
        if roles.read_models {
            projections.start_read_models(&around);
        }
        if roles.processes {
            projections.start_processes(&settings, &around);
        }
        projections.tracker.close();
        Ok(Arc::new(projections))
    }

    fn surroundings(&self, settings: &Settings, leadership: Leadership) -> Surroundings {
        Surroundings {
            pool: self.parts.pool.clone(),
            log: self.parts.log.clone(),
            committed: self.parts.committed.clone(),
            ear: None,
            leadership,
            clock: self.parts.clock.clone(),
            batch: settings.batch.max(1),
            poll: settings.poll,
            cancel: self.cancel.clone(),
        }
    }

    fn start_relay(&mut self, settings: &Settings, leadership: &Leadership) {
        let (Some(stream), Some(tap)) = (settings.stream.clone(), &self.tap) else { return };
        let (report, heard) = watch::channel(RelayReport {
            stream: stream.name.clone(),
            state: RelayState::Standby,
            position: 0,
            detail: None,
            updated_at: self.parts.clock.now(),
        });
        self.relay = Some(heard);
        let relay = Relay {
            pool: self.parts.pool.clone(),
            log: self.parts.log.clone(),
            committed: self.parts.committed.clone(),
            client: tap.client.clone(),
            settings: stream,
            leadership: leadership.clone(),
            clock: self.parts.clock.clone(),
            report,
            poll: settings.poll,
        };
        self.tracker.spawn(relay.run(self.cancel.clone()));
    }

    fn start_ear(&self) -> Option<Ear> {
        let tap = self.tap.clone()?;
        let ear = Ear::new();
        self.tracker.spawn(ear.clone().hear(tap, self.parts.log.clone(), self.cancel.clone()));
        Some(ear)
    }

    fn start_read_models(&mut self, around: &Surroundings) {
        for model in self.parts.read_models.clone() {
            let renew = renewal(self.parts.pool.clone(), self.parts.log.clone(), model.clone());
            self.start_runner(around, Arc::new(ModelApplier(model)), Some(renew));
        }
    }

    fn start_processes(&mut self, settings: &Settings, around: &Surroundings) {
        for handler in self.parts.task_handlers.clone() {
            let worker = Worker {
                pool: self.parts.pool.clone(),
                clock: self.parts.clock.clone(),
                handler,
                nudges: self.nudges.clone(),
                lease: settings.task_lease,
                poll: settings.task_poll,
                drain: settings.drain,
                cancel: self.cancel.clone(),
            };
            self.tracker.spawn(worker.run());
        }
        let pruner = Pruner {
            pool: self.parts.pool.clone(),
            clock: self.parts.clock.clone(),
            kinds: self.parts.task_handlers.iter().map(|handler| handler.kind()).collect(),
            keep: settings.task_keep,
            cancel: self.cancel.clone(),
        };
        self.tracker.spawn(pruner.run());
        for process in self.parts.processes.clone() {
            let (clock, nudges) = (self.parts.clock.clone(), self.nudges.clone());
            self.start_runner(around, Arc::new(ProcessApplier::new(process, clock, nudges)), None);
        }
    }

    fn start_runner(&mut self, around: &Surroundings, applier: Arc<dyn Applier>, renew: Option<Renew>) {
        let place = Arc::new(Place::new(applier.name()));
        self.places.insert(applier.name(), place.clone());
        self.tracker.spawn(Runner { around: around.clone(), applier, place, renew }.run());
    }
}

/// Brings the tables to the version of the code: by a switch when the previous ones have it.
fn renewal(pool: PgPool, log: Arc<dyn EventLog>, model: Arc<dyn ReadModel>) -> Renew {
    Arc::new(move || {
        let (pool, log, model) = (pool.clone(), log.clone(), model.clone());
        async move {
            let back = rebuild::can_switch_back(&pool, &*model).await.map_err(|error| error.to_string())?;
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

fn check_names(parts: &Components) -> Result<(), StartError> {
    let mut seen = HashSet::new();
    let mut once = |name: &str| {
        if seen.insert(name.to_owned()) { Ok(()) } else { Err(StartError::Twice(name.to_owned())) }
    };
    for model in &parts.read_models {
        once(model.name())?;
        for table in model.tables() {
            // Unique without its schema: a rebuild finds tables by their bare names.
            once(&format!("table {}", table.rsplit('.').next().unwrap_or(table)))?;
        }
    }
    parts.processes.iter().try_for_each(|process| once(process.name()))?;
    parts.task_handlers.iter().try_for_each(|handler| once(&format!("handler of {}", handler.kind())))
}
