//! Implementation of [`Dispatch`], with the only match on all commands.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::accounts::Account;
use domain::crm::CrmLink;
use domain::messaging::Conversation;
use domain::notifications::Inbox;
use domain::scheduling::{AvailabilitySeries, Class, LessonRequest, Slot, WaitlistEntry};
use domain::support::Ticket;
use domain::video::VideoSession;
use domain::{
    Clock, Command, CommandContext, Decider, Dispatch, DispatchError, LogError, Position, Receipt, StreamId,
};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Executor as _, PgPool};
use tokio::sync::watch;

use crate::database_pool::{pool_options, session_options};
use crate::execute::Executor;
use crate::keys::MasterKey;
use crate::load::LoadedAggregate;
use crate::log::{
    AS_APPLICATION, Appender, ClaimKey, CommittedPositions, Loader, LogReader, Notifier, Sealer,
    SnapshotWriter, SubjectKeys,
};
use crate::step::{CommandStep, TypedStep};
use crate::stream_cache::StreamCache;

/// Command bus of one OS process.
pub struct Bus {
    executor: Executor,
    reader: LogReader,
    committed: Arc<watch::Sender<Position>>,
    _notifier: Notifier,
}

/// Settings of the log connections and caches of this OS process.
#[derive(Clone, Copy, Debug)]
pub struct LogSettings {
    /// Maximum number of connections for loading and reading. The appender has a separate one.
    pub max_connections: u32,
    /// Maximum number of streams whose state stays in memory.
    pub cached_streams: usize,
    /// Minimum time between two NOTIFYs to other OS processes.
    pub notify_min_interval: Duration,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { max_connections: 8, cached_streams: 20_000, notify_min_interval: Duration::from_millis(3) }
    }
}

impl Bus {
    /// Connects and starts the appender, the loader, the notifier and the writer of snapshots.
    ///
    /// # Errors
    /// [`LogError::Unavailable`] if the database is unavailable or not migrated, or if the master key is not
    /// the one of this log.
    pub async fn start(
        database: PgConnectOptions,
        master: &MasterKey,
        clock: Arc<dyn Clock>,
        settings: LogSettings,
    ) -> Result<Arc<Self>, LogError> {
        let database = session_options(database);
        let pool =
            connect(&database, settings).await.map_err(|error| LogError::Unavailable(Box::new(error)))?;
        let keys = SubjectKeys::new(pool.clone(), master);
        keys.check_master_key().await.map_err(|error| LogError::Unavailable(Box::new(error)))?;
        let sealer = Arc::new(Sealer::new(Arc::clone(&keys)));
        let reader = LogReader::new(pool.clone(), Arc::clone(&sealer));
        let head = domain::EventLog::head(&reader).await?;
        let committed = Arc::new(watch::Sender::new(head));
        let own = Arc::new(watch::Sender::new(head));
        let notifier = Notifier::start(
            database.clone(),
            settings.notify_min_interval,
            own.subscribe(),
            Arc::clone(&committed),
            Arc::clone(&keys),
        );
        let executor = Executor {
            clock,
            cache: StreamCache::new(settings.cached_streams),
            loader: Loader::start(pool.clone(), Arc::clone(&sealer)),
            appender: Appender::start(
                database,
                ClaimKey::new(master),
                CommittedPositions { own, known: Arc::clone(&committed) },
            ),
            snapshots: SnapshotWriter::start(pool.clone(), Arc::clone(&sealer)),
            sealer,
            keys,
            pool,
        };
        Ok(Arc::new(Self { executor, reader, committed, _notifier: notifier }))
    }

    /// Loads an aggregate with all events that any OS process has committed so far.
    ///
    /// # Errors
    /// [`DispatchError::Unavailable`] if the log is unavailable. [`DispatchError::Fault`] if an event cannot
    /// be read.
    pub async fn load<A: Decider>(
        &self,
        id: impl std::fmt::Display,
    ) -> Result<LoadedAggregate<A>, DispatchError> {
        self.executor.load(&StreamId::of::<A>(id)).await
    }

    /// Executes a command on an aggregate that is not in [`Command`], for benchmarks and tests of the log.
    ///
    /// # Errors
    /// The errors of [`Dispatch::dispatch_atomically`].
    pub async fn execute<A: Decider>(
        &self,
        id: impl std::fmt::Display,
        command: A::Command,
        context: &CommandContext,
    ) -> Result<Receipt, DispatchError> {
        self.executor.execute(&[Box::new(TypedStep::<A>::new(id, command))], context).await
    }

    /// Returns the reader of the log.
    pub fn log(&self) -> &LogReader {
        &self.reader
    }

    /// Subscribes to the highest position known to be committed.
    ///
    /// Commits of this OS process are known at once, those of other OS processes within milliseconds.
    pub fn committed(&self) -> watch::Receiver<Position> {
        self.committed.subscribe()
    }

    /// Returns the number of appends that wait in this OS process, without those that are being written.
    pub fn queued_appends(&self) -> usize {
        self.executor.appender.queued()
    }

    /// Commits the queued appends, then closes. Callers must not dispatch afterwards.
    pub async fn shutdown(&self) {
        self.executor.appender.drain().await;
        self.executor.pool.close().await;
    }
}

#[async_trait]
impl Dispatch for Bus {
    async fn dispatch_atomically(
        &self,
        commands: Vec<Command>,
        context: CommandContext,
    ) -> Result<Receipt, DispatchError> {
        let steps: Vec<Box<dyn CommandStep>> = commands.into_iter().map(step_for).collect();
        let started = self.executor.clock.now();
        let result = self.executor.execute(&steps, &context).await;
        let seconds = self.executor.clock.now().duration_since(started).as_secs_f64();
        metrics::histogram!("kafedra_command_seconds").record(seconds);
        metrics::counter!("kafedra_commands_total", "outcome" => outcome_label(&result)).increment(1);
        result
    }
}

/// Returns the step of a command on its aggregate.
pub(crate) fn step_for(command: Command) -> Box<dyn CommandStep> {
    match command {
        Command::Account(id, command) => Box::new(TypedStep::<Account>::new(id, command)),
        Command::Ticket(id, command) => Box::new(TypedStep::<Ticket>::new(id, command)),
        Command::CrmLink(id, command) => Box::new(TypedStep::<CrmLink>::new(id, command)),
        Command::Slot(id, command) => Box::new(TypedStep::<Slot>::new(id, command)),
        Command::Series(id, command) => Box::new(TypedStep::<AvailabilitySeries>::new(id, command)),
        Command::Request(id, command) => Box::new(TypedStep::<LessonRequest>::new(id, command)),
        Command::Waitlist(id, command) => Box::new(TypedStep::<WaitlistEntry>::new(id, command)),
        Command::Class(id, command) => Box::new(TypedStep::<Class>::new(id, command)),
        Command::Conversation(id, command) => Box::new(TypedStep::<Conversation>::new(id, command)),
        Command::Inbox(id, command) => Box::new(TypedStep::<Inbox>::new(id, command)),
        Command::Video(id, command) => Box::new(TypedStep::<VideoSession>::new(id, command)),
    }
}

fn outcome_label(result: &Result<Receipt, DispatchError>) -> &'static str {
    match result {
        Ok(receipt) if receipt.replayed => "replayed",
        Ok(_) => "committed",
        Err(DispatchError::Refused(_)) => "refused",
        Err(DispatchError::StaleVersion { .. }) => "stale_version",
        Err(DispatchError::Contended) => "contended",
        Err(DispatchError::Unavailable(_)) => "unavailable",
        Err(DispatchError::Fault(_)) => "fault",
    }
}

async fn connect(database: &PgConnectOptions, settings: LogSettings) -> Result<PgPool, sqlx::Error> {
    pool_options(settings.max_connections, Duration::from_secs(5))
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(AS_APPLICATION).await?;
                Ok(())
            })
        })
        .connect_with(database.clone())
        .await
}
