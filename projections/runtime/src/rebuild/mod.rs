//! Rebuilds tables from the log beside the live ones, then switches in one transaction.

mod compare;
mod progress;
mod shared_reader;
mod switch;
mod tables;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{EventLog, LogError, Position};
use jiff::Timestamp;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::task::JoinSet;

pub use compare::{Differences, TableDifference, compare};

pub(crate) use progress::load_rebuild_state;
pub use progress::{OnProgress, RebuildProgress, RebuildState};

use self::progress::{ProgressReporter, RebuildRecord};
use self::shared_reader::{BatchReceiver, read_shared};
use self::switch::{NextTables, list_readers, switch};
use self::tables::Schemas;
use crate::apply_batch::{ReadModelHandler, failure_reason, find_first_failure, is_transient};
use crate::checkpoint::skipped_positions;
use crate::error::error_chain;
use crate::leadership::lock_key;
use crate::read_model::{ApplyError, ReadModel};
use crate::stream::{EventBatch, EventFilter};

/// Number of events that are read at once and written in one transaction.
///
/// An entity's row is written once for all its events in a batch. Larger batches need memory and save little.
const BATCH_EVENTS: usize = 8_000;

/// Number of applied events before the first `analyze` of the new tables.
const ANALYZE_AFTER: u64 = 32_000;
/// Factor of the position from one `analyze` to the next.
const ANALYZE_GROWTH: u64 = 4;

/// Result of a rebuild or of a switch back: checkpoint, version and generation of the live tables.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RebuildResult {
    pub position: Position,
    pub version: i32,
    pub generation: i32,
}

/// Reason why a rebuild failed. The live tables are then unchanged.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    #[error("{0} is being rebuilt already")]
    AlreadyRunning(String),
    #[error("the event at position {position} cannot be applied: {reason}")]
    Poison { position: Position, reason: String },
    #[error("there are no previous tables of {0}")]
    NoPrevious(String),
    /// Only the code of a version can bring rows of that version up to date.
    #[error("the previous tables have version {previous}, this program has {code}")]
    OtherVersion { previous: i32, code: i32 },
    /// Readers hold the tables; the switch is tried again.
    #[error("readers hold the tables")]
    Busy,
    #[error("cannot rebuild the tables: {0}")]
    Tables(String),
    #[error("the log is not available")]
    Log(#[from] LogError),
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

/// Rebuilds the tables of `model` and replaces the live ones, which stay in the schema `previous_<model>`.
///
/// An interrupted rebuild changes nothing. The next one starts from the first event. Readers of the live
/// tables delay the switch without a limit.
///
/// # Errors
/// [`RebuildError::AlreadyRunning`] if another rebuild of this model is running. [`RebuildError::Poison`] if
/// an event cannot be applied. [`RebuildError::Tables`] if a table name is invalid or the log is too short.
/// [`RebuildError::Log`] or [`RebuildError::Database`] if the database fails. The live tables are then
/// unchanged.
pub async fn rebuild(
    pool: &PgPool,
    log: Arc<dyn EventLog>,
    model: Arc<dyn ReadModel>,
    progress: OnProgress,
) -> Result<RebuildResult, RebuildError> {
    let mut results = rebuild_all(pool, log, vec![model], progress).await;
    results.pop().expect("one result for one model").1
}

/// Rebuilds several models like [`rebuild`] from one pass over the log.
///
/// Returns one result per model, in the same order.
pub async fn rebuild_all(
    pool: &PgPool,
    log: Arc<dyn EventLog>,
    models: Vec<Arc<dyn ReadModel>>,
    progress: OnProgress,
) -> Vec<(&'static str, Result<RebuildResult, RebuildError>)> {
    let (mut targets, mut results) = (Vec::new(), HashMap::new());
    for model in &models {
        match RebuildTarget::acquire(pool, log.clone(), model.clone()).await {
            Ok(target) => targets.push(target),
            Err(error) => {
                results.insert(model.name(), Err(error));
            }
        }
    }
    let batches =
        read_shared(&log, Position::START, targets.iter().map(|target| target.filter.clone()).collect());
    let reporter = ProgressReporter::split(progress, targets.len());
    let mut work = JoinSet::new();
    for ((target, batches), reporter) in targets.into_iter().zip(batches).zip(reporter) {
        let name = target.model.name();
        work.spawn(async move { (name, target.run_rebuild(batches, &reporter).await) });
    }
    results.extend(work.join_all().await);
    let mut take_result = |name| results.remove(name).expect("every model has a result");
    models.iter().map(|model| model.name()).map(|name| (name, take_result(name))).collect()
}

/// Brings the previous tables up to date and makes them live. The live tables become the previous ones.
///
/// # Errors
/// [`RebuildError::NoPrevious`] if there are none. [`RebuildError::OtherVersion`] if another version of the
/// code has written them. The other variants as of [`rebuild`].
pub async fn switch_back(
    pool: &PgPool,
    log: Arc<dyn EventLog>,
    model: Arc<dyn ReadModel>,
    progress: OnProgress,
) -> Result<RebuildResult, RebuildError> {
    let mut target = RebuildTarget::acquire(pool, log, model).await?;
    let ended = target.switch_back(&ProgressReporter::split(progress, 1).remove(0)).await;
    target.record.finish(pool, ended.as_ref().err().map(|error| error_chain(error))).await;
    target.release().await;
    ended
}

/// The tables to fill, and the options of filling.
struct FillPlan<'a> {
    schema: &'a str,
    /// Model name if the previous tables are filled. Their position is then stored in the same transactions.
    previous: Option<&'static str>,
    /// Instant at which the last event of the log was recorded.
    end: Timestamp,
    reporter: &'a ProgressReporter,
}

/// A model to rebuild, with a separate connection that holds the rebuild lock of the model.
struct RebuildTarget {
    connection: PgConnection,
    pool: PgPool,
    log: Arc<dyn EventLog>,
    model: Arc<dyn ReadModel>,
    handler: Arc<ReadModelHandler>,
    filter: EventFilter,
    schemas: Schemas,
    record: RebuildRecord,
}

impl RebuildTarget {
    async fn acquire(
        pool: &PgPool,
        log: Arc<dyn EventLog>,
        model: Arc<dyn ReadModel>,
    ) -> Result<Self, RebuildError> {
        let mut connection = PgConnection::connect_with(&pool.connect_options()).await?;
        let name = model.name();
        // The connection holds the lock, so the lock ends with it in any case.
        let alone: bool = sqlx::query_scalar("select pg_try_advisory_lock($1)")
            .bind(lock_key(&format!("rebuild:{name}")))
            .fetch_one(&mut connection)
            .await?;
        if !alone {
            return Err(RebuildError::AlreadyRunning(name.to_owned()));
        }
        let filter = load_filter(pool, &model).await?;
        Ok(Self {
            connection,
            pool: pool.clone(),
            log,
            handler: Arc::new(ReadModelHandler(model.clone())),
            filter,
            schemas: Schemas::for_model(&*model)?,
            record: RebuildRecord::new(name, model.version()),
            model,
        })
    }

    /// Releases the lock before the caller continues.
    ///
    /// Otherwise it would end some time later with the connection, and the next rebuild would be refused.
    async fn release(mut self) {
        let unlocked = sqlx::query("select pg_advisory_unlock($1)")
            .bind(lock_key(&format!("rebuild:{}", self.model.name())))
            .execute(&mut self.connection)
            .await;
        if let Err(error) = unlocked {
            tracing::debug!(error = error_chain(&error), "cannot release the lock of a rebuild");
        }
    }

    async fn run_rebuild(
        mut self,
        batches: BatchReceiver,
        reporter: &ProgressReporter,
    ) -> Result<RebuildResult, RebuildError> {
        let ended = self.rebuild(batches, reporter).await;
        reporter.finish();
        self.record.finish(&self.pool, ended.as_ref().err().map(|error| error_chain(error))).await;
        self.release().await;
        ended
    }

    async fn rebuild(
        &mut self,
        batches: BatchReceiver,
        reporter: &ProgressReporter,
    ) -> Result<RebuildResult, RebuildError> {
        let head = self.log.head().await?;
        self.record.start(&self.pool, head).await?;
        let last = self.log.read(head.previous(), 1).await?;
        let end = last.first().map_or(Timestamp::MIN, |last| last.recorded_at);
        let next = self.schemas.next.clone();
        self.schemas.create(&mut self.connection, &next).await?;
        let readers = self.model.read_indexes();
        let indexes = tables::drop_indexes(&mut self.connection, &next, readers).await?;
        let plan = FillPlan { schema: &next, previous: None, end, reporter };
        let position = self.fill(&plan, batches, Position::START).await?;
        self.finish_tables(&next, &indexes).await?;
        // Events that were appended meanwhile.
        let position = self.fill(&plan, self.read_alone(position), position).await?;
        let next = NextTables { schema: next.clone(), position, version: self.model.version() };
        self.switch(next, &plan).await
    }

    async fn switch_back(&mut self, reporter: &ProgressReporter) -> Result<RebuildResult, RebuildError> {
        let name = self.model.name();
        let found: Option<(Position, i32)> =
            sqlx::query_as("select position, version from projection.previous where name = $1")
                .bind(name)
                .fetch_optional(&mut self.connection)
                .await?;
        let (position, version) = found.ok_or_else(|| RebuildError::NoPrevious(name.to_owned()))?;
        if version != self.model.version() {
            return Err(RebuildError::OtherVersion { previous: version, code: self.model.version() });
        }
        self.record.start(&self.pool, self.log.head().await?).await?;
        let previous = self.schemas.previous.clone();
        let plan = FillPlan { schema: &previous, previous: Some(name), end: Timestamp::MIN, reporter };
        let position = self.fill(&plan, self.read_alone(position), position).await?;
        self.finish_tables(&previous, &[]).await?;
        self.switch(NextTables { schema: previous.clone(), position, version }, &plan).await
    }

    /// Reads the log for this model alone.
    fn read_alone(&self, after: Position) -> BatchReceiver {
        read_shared(&self.log, after, vec![self.filter.clone()]).remove(0)
    }

    /// Applies the log to the tables until its end. Returns the position reached.
    async fn fill(
        &mut self,
        plan: &FillPlan<'_>,
        mut batches: BatchReceiver,
        from: Position,
    ) -> Result<Position, RebuildError> {
        let (mut position, mut analyze_at) = (from, from + ANALYZE_AFTER);
        while let Some(batch) = batches.next_batch().await? {
            let mut transaction = self.connection.begin().await?;
            tables::set_search_path(&mut transaction, plan.schema).await?;
            apply_batch(&mut transaction, &self.handler, &batch, plan.end).await?;
            position = batch.last;
            if let Some(name) = plan.previous {
                sqlx::query!(
                    "update projection.previous set position = $2 where name = $1",
                    name,
                    position.to_bigint(),
                )
                .execute(&mut *transaction)
                .await?;
            }
            transaction.commit().await?;
            plan.reporter.report(self.record.advance(&self.pool, position).await);
            if position >= analyze_at {
                self.schemas.analyze_roughly(&mut self.connection, plan.schema).await?;
                analyze_at = Position(position.0 * ANALYZE_GROWTH);
            }
        }
        Ok(position)
    }

    /// Creates the missing indexes, analyzes the tables, and computes the sums over all rows.
    async fn finish_tables(&mut self, schema: &str, indexes: &[String]) -> Result<(), RebuildError> {
        let (connection, schemas, handler) = (&mut self.connection, &self.schemas, &self.handler);
        let work = async {
            tables::create_indexes(connection, indexes).await?;
            schemas.analyze(connection, schema).await?;
            let mut transaction = connection.begin().await?;
            tables::set_search_path(&mut transaction, schema).await?;
            refresh_aggregates(&mut transaction, handler).await?;
            transaction.commit().await?;
            Ok(())
        };
        self.record.keep_alive(&self.pool, work).await
    }

    /// Switches as soon as no reader blocks it, without a limit. Until then the new tables follow the log.
    async fn switch(
        &mut self,
        mut next: NextTables,
        plan: &FillPlan<'_>,
    ) -> Result<RebuildResult, RebuildError> {
        let mut pause = Duration::from_millis(20);
        loop {
            let mut transaction = self.connection.begin().await?;
            let filter = &self.filter;
            let switched =
                switch(&mut transaction, &self.log, filter, &self.handler, &self.schemas, &next).await;
            match switched {
                Ok(rebuilt) => {
                    transaction.commit().await?;
                    return Ok(rebuilt);
                }
                // A reader blocks the switch. The rollback lets waiting readers continue.
                Err(RebuildError::Busy) => {
                    transaction.rollback().await?;
                    let readers = list_readers(&self.pool, &self.schemas).await?;
                    self.record.wait_for(&self.pool, &readers).await;
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                    next.position = self.fill(plan, self.read_alone(next.position), next.position).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

async fn load_filter(pool: &PgPool, model: &Arc<dyn ReadModel>) -> Result<EventFilter, sqlx::Error> {
    let handles = model.clone();
    Ok(EventFilter {
        handles: Arc::new(move |aggregate_type| handles.handles(aggregate_type)),
        skipped: skipped_positions(pool, model.name()).await?.into(),
    })
}

/// Applies one batch in the running transaction.
///
/// # Errors
/// [`RebuildError::Poison`] with the first event that cannot be applied. [`RebuildError::Database`] if the
/// database fails.
async fn apply_batch(
    transaction: &mut PgConnection,
    handler: &ReadModelHandler,
    batch: &EventBatch,
    end: Timestamp,
) -> Result<(), RebuildError> {
    if !batch.events.is_empty() {
        let mut savepoint = transaction.begin().await?;
        match handler.0.apply_in_rebuild(&mut savepoint, &batch.events, end).await {
            Ok(()) => savepoint.commit().await?,
            Err(ApplyError::Database(error)) if is_transient(&error) => return Err(error.into()),
            Err(_) => {
                savepoint.rollback().await?;
                match find_first_failure(transaction, handler, &batch.events).await? {
                    Some((_, ApplyError::Database(error))) if is_transient(&error) => {
                        return Err(error.into());
                    }
                    Some((position, error)) => {
                        return Err(RebuildError::Poison { position, reason: failure_reason(&error) });
                    }
                    None => {}
                }
            }
        }
    }
    match &batch.poison {
        Some((position, reason)) => Err(RebuildError::Poison { position: *position, reason: reason.clone() }),
        None => Ok(()),
    }
}

async fn refresh_aggregates(
    transaction: &mut PgConnection,
    handler: &ReadModelHandler,
) -> Result<(), RebuildError> {
    match handler.0.refresh_aggregates(transaction).await {
        Ok(()) => Ok(()),
        Err(ApplyError::Database(error)) => Err(error.into()),
        Err(ApplyError::Poison { position, reason }) => Err(RebuildError::Poison { position, reason }),
    }
}
