//! New tables beside the old ones, from the log alone; then one switch that no reader notices.

mod compare;
mod progress;
mod switch;
mod tables;

use std::sync::Arc;
use std::time::Duration;

use domain::{EventLog, LogError};
use sqlx::{Connection, PgConnection, PgPool};

pub use compare::{Differences, TableDifference, compare};
pub(crate) use progress::recorded_rebuild;
pub use progress::{OnProgress, RebuildProgress, RebuildState};

use self::progress::Record;
use self::switch::{Incoming, switch};
use self::tables::Schemas;
use crate::applying::{ModelApplier, first_poison, is_transient};
use crate::checkpoint::{Kind, skips};
use crate::leadership::lock_key;
use crate::read_model::{ApplyError, ReadModel};
use crate::stream::{Batch, Bulk, Filter, chain};

/// Events read and written at once; more costs memory and brings nothing.
const BATCH: usize = 1_000;
/// A transaction of this length at most, so that vacuum is not kept waiting.
const BATCHES_PER_COMMIT: usize = 8;

/// Tables are looked at by the planner when so many events are in them, then whenever those have grown so many times.
const ANALYZE_AT: u64 = 32_000;
const ANALYZE_AGAIN: u64 = 4;

/// What a rebuild has brought.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rebuilt {
    pub position: u64,
    pub version: i32,
    pub generation: i32,
}

/// Why the tables are as they were.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    #[error("{0} is being rebuilt already")]
    Running(String),
    #[error("the event at position {position} can not be applied: {reason}")]
    Poison { position: u64, reason: String },
    #[error("there are no previous tables of {0}")]
    NoPrevious(String),
    /// Rows of one version can be brought up to date only by the code of that version.
    #[error("the previous tables have version {previous}, this program has {code}")]
    OtherVersion { previous: i32, code: i32 },
    #[error("readers hold the tables for too long")]
    Busy,
    #[error("the tables can not be rebuilt: {0}")]
    Tables(String),
    #[error("the log is not available")]
    Log(#[from] LogError),
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

/// Builds the tables of `model` anew and puts them in place of the live ones, which stay in schema
/// `previous_<model>`. Cut off half-way, it leaves everything as it was; begun again, it starts anew.
///
/// # Errors
/// See [`RebuildError`]; the live tables are untouched.
pub async fn rebuild(
    pool: &PgPool,
    log: Arc<dyn EventLog>,
    model: Arc<dyn ReadModel>,
    progress: OnProgress,
) -> Result<Rebuilt, RebuildError> {
    let mut room = Room::enter(pool, log, model).await?;
    let ended = room.rebuild(&progress).await;
    room.record.end(pool, ended.as_ref().err().map(|error| chain(error))).await;
    room.leave().await;
    ended
}

/// Brings the previous tables up to date and puts them back; the live ones become the previous.
///
/// # Errors
/// There are none, or they were written by another version of the code; see [`RebuildError`].
pub async fn switch_back(
    pool: &PgPool,
    log: Arc<dyn EventLog>,
    model: Arc<dyn ReadModel>,
    progress: OnProgress,
) -> Result<Rebuilt, RebuildError> {
    let mut room = Room::enter(pool, log, model).await?;
    let ended = room.switch_back(&progress).await;
    room.record.end(pool, ended.as_ref().err().map(|error| chain(error))).await;
    room.leave().await;
    ended
}

/// Whether the previous tables are of the version that the code has: a switch is cheaper than a rebuild.
pub(crate) async fn can_switch_back(pool: &PgPool, model: &dyn ReadModel) -> Result<bool, sqlx::Error> {
    let version: Option<i32> = sqlx::query_scalar("select version from projection.previous where name = $1")
        .bind(model.name())
        .fetch_optional(pool)
        .await?;
    Ok(version == Some(model.version()))
}

/// A connection of its own, on which nobody else rebuilds this model.
struct Room {
    connection: PgConnection,
    pool: PgPool,
    log: Arc<dyn EventLog>,
    model: Arc<dyn ReadModel>,
    applier: Arc<ModelApplier>,
    filter: Filter,
    schemas: Schemas,
    record: Record,
}

impl Room {
    async fn enter(
        pool: &PgPool,
        log: Arc<dyn EventLog>,
        model: Arc<dyn ReadModel>,
    ) -> Result<Self, RebuildError> {
        let mut connection = PgConnection::connect_with(&pool.connect_options()).await?;
        let name = model.name();
        // Held by the connection: whatever becomes of us, it ends with it.
        let alone: bool = sqlx::query_scalar("select pg_try_advisory_lock($1)")
            .bind(lock_key(&format!("rebuild:{name}")))
            .fetch_one(&mut connection)
            .await?;
        if !alone {
            return Err(RebuildError::Running(name.to_owned()));
        }
        let filter = filter_of(pool, &model).await?;
        Ok(Self {
            connection,
            pool: pool.clone(),
            log,
            applier: Arc::new(ModelApplier(model.clone())),
            filter,
            schemas: Schemas::of(&*model)?,
            record: Record::new(name, model.version()),
            model,
        })
    }

    /// Gives the lock back before the caller goes on: with the connection it would end some time later, and
    /// whoever came next would find this model still being rebuilt.
    async fn leave(mut self) {
        let unlocked = sqlx::query("select pg_advisory_unlock($1)")
            .bind(lock_key(&format!("rebuild:{}", self.model.name())))
            .execute(&mut self.connection)
            .await;
        if let Err(error) = unlocked {
            tracing::debug!(error = chain(&error), "the connection of a rebuild was gone already");
        }
    }

    async fn rebuild(&mut self, progress: &OnProgress) -> Result<Rebuilt, RebuildError> {
        self.record.begin(&self.pool, self.log.head().await?).await?;
        self.schemas.create(&mut self.connection, &self.schemas.next).await?;
        let next = self.schemas.next.clone();
        let position = self.fill(&next, 0, None, progress).await?;
        self.switch(Incoming { schema: next, position, version: self.model.version() }).await
    }

    async fn switch_back(&mut self, progress: &OnProgress) -> Result<Rebuilt, RebuildError> {
        let name = self.model.name();
        let found: Option<(i64, i32)> =
            sqlx::query_as("select position, version from projection.previous where name = $1")
                .bind(name)
                .fetch_optional(&mut self.connection)
                .await?;
        let (position, version) = found.ok_or_else(|| RebuildError::NoPrevious(name.to_owned()))?;
        if version != self.model.version() {
            return Err(RebuildError::OtherVersion { previous: version, code: self.model.version() });
        }
        self.record.begin(&self.pool, self.log.head().await?).await?;
        let previous = self.schemas.previous.clone();
        let position = self.fill(&previous, position.cast_unsigned(), Some(name), progress).await?;
        self.switch(Incoming { schema: previous, position, version }).await
    }

    /// Applies the log to the tables in `schema` until its end; gives the position reached. With
    /// `previous`, the position is kept with the rows, so that a cut leaves both in step.
    async fn fill(
        &mut self,
        schema: &str,
        from: u64,
        previous: Option<&str>,
        progress: &OnProgress,
    ) -> Result<u64, RebuildError> {
        let mut bulk = Bulk::new(self.log.clone(), self.filter.clone(), from, BATCH);
        let (mut position, mut analyze_at) = (from, from + ANALYZE_AT);
        loop {
            let mut transaction = self.connection.begin().await?;
            tables::look_at(&mut transaction, schema).await?;
            let mut ended = false;
            for _ in 0..BATCHES_PER_COMMIT {
                let Some(batch) = bulk.next().await? else {
                    ended = true;
                    break;
                };
                apply(&mut transaction, &self.applier, &batch).await?;
                position = batch.last;
                if batch.last - batch.after < BATCH as u64 {
                    ended = true;
                    break;
                }
            }
            if ended {
                settle(&mut transaction, &self.applier).await?;
            }
            if let Some(name) = previous {
                sqlx::query("update projection.previous set position = $2 where name = $1")
                    .bind(name)
                    .bind(position.cast_signed())
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
            progress(self.record.reached(&self.pool, position).await);
            if ended || position >= analyze_at {
                self.schemas.analyze(&mut self.connection, schema).await?;
                analyze_at = position * ANALYZE_AGAIN;
            }
            if ended {
                return Ok(position);
            }
        }
    }

    async fn switch(&mut self, incoming: Incoming) -> Result<Rebuilt, RebuildError> {
        let mut pause = Duration::from_millis(20);
        for _ in 0..40 {
            let mut transaction = self.connection.begin().await?;
            let filter = &self.filter;
            let switched =
                switch(&mut transaction, &self.log, filter, &self.applier, &self.schemas, &incoming).await;
            match switched {
                Ok(rebuilt) => {
                    transaction.commit().await?;
                    return Ok(rebuilt);
                }
                // A reader was in the way; meanwhile nobody waits behind us.
                Err(RebuildError::Busy) => {
                    transaction.rollback().await?;
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                }
                Err(error) => return Err(error),
            }
        }
        Err(RebuildError::Busy)
    }
}

async fn filter_of(pool: &PgPool, model: &Arc<dyn ReadModel>) -> Result<Filter, sqlx::Error> {
    let handles = model.clone();
    Ok(Filter {
        handles: Arc::new(move |aggregate_type| handles.handles(aggregate_type)),
        skipped: skips(pool, model.name()).await?.into(),
    })
}

/// Applies one batch in the running transaction; an event that can not be applied is named.
async fn apply(
    transaction: &mut PgConnection,
    applier: &ModelApplier,
    batch: &Batch,
) -> Result<(), RebuildError> {
    if !batch.events.is_empty() {
        let mut savepoint = transaction.begin().await?;
        match applier.0.apply(&mut savepoint, &batch.events).await {
            Ok(()) => savepoint.commit().await?,
            Err(ApplyError::Database(error)) if is_transient(&error) => return Err(error.into()),
            Err(_) => {
                savepoint.rollback().await?;
                if let Some((position, reason)) = first_poison(transaction, applier, &batch.events).await? {
                    return Err(RebuildError::Poison { position, reason });
                }
            }
        }
    }
    match &batch.poison {
        Some((position, reason)) => Err(RebuildError::Poison { position: *position, reason: reason.clone() }),
        None => Ok(()),
    }
}

/// What follows from all rows, after the last batch.
async fn settle(transaction: &mut PgConnection, applier: &ModelApplier) -> Result<(), RebuildError> {
    match applier.0.settle(transaction).await {
        Ok(()) => Ok(()),
        Err(ApplyError::Database(error)) => Err(error.into()),
        Err(ApplyError::Poison { position, reason }) => Err(RebuildError::Poison { position, reason }),
    }
}

/// The live checkpoint of a model; a model that has never run stands at 0.
async fn live(connection: &mut PgConnection, model: &dyn ReadModel) -> Result<u64, sqlx::Error> {
    Ok(Kind::ReadModel.find(connection, model.name()).await?.map_or(0, |found| found.position))
}
