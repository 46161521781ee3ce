//! How far a listener has come: read, moved by compare-and-swap, stopped with an error, skipped over.

use domain::Clock;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgExecutor, PgPool, Row};

/// Which of the two tables of checkpoints, and what a transaction of such a listener sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandlerKind {
    ReadModel,
    ProcessManager,
}

/// Search path of a read model's live tables.
pub(crate) const LIVE: &str = "app, crm, public";

#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    pub position: u64,
    pub(crate) generation: i32,
    pub version: i32,
    pub(crate) error: Option<CheckpointError>,
}

/// Why a listener stands still.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct CheckpointError {
    /// The event that can not be applied.
    pub position: u64,
    pub error: String,
    pub since: Timestamp,
}

impl HandlerKind {
    pub(crate) fn table(self) -> &'static str {
        match self {
            HandlerKind::ReadModel => "projection.checkpoints",
            HandlerKind::ProcessManager => "process.checkpoints",
        }
    }

    /// The checkpoint, made when this listener is new.
    pub(crate) async fn load(
        self,
        db: impl PgExecutor<'_>,
        name: &str,
        version: i32,
        start: u64,
    ) -> Result<Checkpoint, sqlx::Error> {
        let table = self.table();
        // The insert gives no row when there is one already; then the select does.
        let sql = format!(
            "with made as (
               insert into {table} (name, version, position) values ($1, $2, $3)
               on conflict (name) do nothing
               returning *)
             select position, generation, version, error, error_position, error_at from made
             union all
             select position, generation, version, error, error_position, error_at from {table} where name = $1"
        );
        let row = sqlx::query(&sql).bind(name).bind(version).bind(start.cast_signed()).fetch_one(db).await?;
        parse_checkpoint(&row)
    }

    /// The checkpoint, if this listener has ever run.
    pub async fn find(self, db: impl PgExecutor<'_>, name: &str) -> Result<Option<Checkpoint>, sqlx::Error> {
        let sql = format!(
            "select position, generation, version, error, error_position, error_at from {} where name = $1",
            self.table()
        );
        sqlx::query(&sql).bind(name).fetch_optional(db).await?.map(|row| parse_checkpoint(&row)).transpose()
    }

    /// Moves the checkpoint from `seen` to `position`, if it still stands there, and prepares the
    /// transaction. False: somebody else was here; nothing may be written.
    ///
    /// The row is locked before any other, so that a rebuild that wants to switch and a runner can
    /// not wait for each other. The commit does not wait for the disk: rows and checkpoint vanish
    /// together if the server dies, and are made again from the log. (For a process too: before a
    /// task is acted upon, its claim is flushed, and with it everything written earlier.)
    pub(crate) async fn advance(
        self,
        transaction: &mut PgConnection,
        name: &str,
        seen: &Checkpoint,
        position: u64,
    ) -> Result<bool, sqlx::Error> {
        let sql = format!(
            "with moved as (
               update {} set position = $2, updated_at = now()
               where name = $1 and position = $3 and generation = $4
               returning 1)
             select (select count(*) from moved) = 1,
                    set_config('synchronous_commit', 'off', true),
                    set_config('search_path', $5, true)",
            self.table()
        );
        sqlx::query_scalar(&sql)
            .bind(name)
            .bind(position.cast_signed())
            .bind(seen.position.cast_signed())
            .bind(seen.generation)
            .bind(LIVE)
            .fetch_one(transaction)
            .await
    }

    /// Puts a checkpoint that this transaction has already moved to another position.
    pub(crate) async fn set_position(
        self,
        transaction: &mut PgConnection,
        name: &str,
        position: u64,
    ) -> Result<(), sqlx::Error> {
        let sql = format!("update {} set position = $2 where name = $1", self.table());
        sqlx::query(&sql).bind(name).bind(position.cast_signed()).execute(transaction).await.map(|_| ())
    }

    /// Writes down why the listener stands still, unless it has moved meanwhile.
    pub(crate) async fn record_failure(
        self,
        db: impl PgExecutor<'_>,
        name: &str,
        seen: &Checkpoint,
        error: &CheckpointError,
    ) -> Result<(), sqlx::Error> {
        let sql = format!(
            "update {} set error = $4, error_position = $5, error_at = $6
             where name = $1 and position = $2 and generation = $3",
            self.table()
        );
        sqlx::query(&sql)
            .bind(name)
            .bind(seen.position.cast_signed())
            .bind(seen.generation)
            .bind(&error.error)
            .bind(error.position.cast_signed())
            .bind(error.since.to_sqlx())
            .execute(db)
            .await
            .map(|_| ())
    }
}

fn parse_checkpoint(row: &sqlx::postgres::PgRow) -> Result<Checkpoint, sqlx::Error> {
    let error: Option<String> = row.try_get("error")?;
    let position: Option<i64> = row.try_get("error_position")?;
    let since: Option<jiff_sqlx::Timestamp> = row.try_get("error_at")?;
    Ok(Checkpoint {
        position: row.try_get::<i64, _>("position")?.cast_unsigned(),
        generation: row.try_get("generation")?,
        version: row.try_get("version")?,
        error: error.map(|error| CheckpointError {
            position: position.unwrap_or_default().cast_unsigned(),
            error,
            since: since.map(jiff_sqlx::Timestamp::to_jiff).unwrap_or_default(),
        }),
    })
}

/// Positions that one listener leaves out.
pub(crate) async fn skipped_positions(db: impl PgExecutor<'_>, name: &str) -> Result<Vec<u64>, sqlx::Error> {
    let positions: Vec<i64> = sqlx::query_scalar("select position from projection.skips where name = $1")
        .bind(name)
        .fetch_all(db)
        .await?;
    Ok(positions.into_iter().map(i64::cast_unsigned).collect())
}

/// Why a stopped listener could not be sent on its way.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    #[error("there is no read model or process named {0}")]
    Unknown(String),
    #[error("{name} is not stopped at {position}")]
    NotStopped { name: String, position: u64 },
    #[error("a skip needs a reason")]
    NoReason,
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

/// Lets a stopped listener try its poison event again.
///
/// # Errors
/// No listener of this name has ever run, or the database is away.
pub async fn retry_stopped(pool: &PgPool, name: &str) -> Result<(), ResumeError> {
    let mut known = false;
    for kind in [HandlerKind::ReadModel, HandlerKind::ProcessManager] {
        let sql = format!(
            "update {} set error = null, error_position = null, error_at = null where name = $1",
            kind.table()
        );
        known |= sqlx::query(&sql).bind(name).execute(pool).await?.rows_affected() > 0;
    }
    if known { Ok(()) } else { Err(ResumeError::Unknown(name.to_owned())) }
}

/// Leaves out the event at which a listener stands still; who and why is kept for ever.
///
/// # Errors
/// The listener does not stand still at this position, or no reason is given.
pub async fn skip_event(
    pool: &PgPool,
    clock: &dyn Clock,
    name: &str,
    position: u64,
    actor: &str,
    reason: &str,
) -> Result<(), ResumeError> {
    if reason.trim().is_empty() {
        return Err(ResumeError::NoReason);
    }
    let mut transaction = pool.begin().await?;
    let mut known = false;
    for kind in [HandlerKind::ReadModel, HandlerKind::ProcessManager] {
        let Some(checkpoint) = kind.find(&mut *transaction, name).await? else { continue };
        known = true;
        let Some(stopped) = checkpoint.error.filter(|error| error.position == position) else { continue };
        sqlx::query(
            "insert into projection.skips (name, position, actor, reason, error, recorded_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict do nothing",
        )
        .bind(name)
        .bind(position.cast_signed())
        .bind(actor)
        .bind(reason)
        .bind(stopped.error)
        .bind(clock.now().to_sqlx())
        .execute(&mut *transaction)
        .await?;
        let sql = format!(
            "update {} set error = null, error_position = null, error_at = null where name = $1",
            kind.table()
        );
        sqlx::query(&sql).bind(name).execute(&mut *transaction).await?;
        transaction.commit().await?;
        tracing::warn!(name, position, "an event is skipped by an admin");
        return Ok(());
    }
    if known {
        Err(ResumeError::NotStopped { name: name.to_owned(), position })
    } else {
        Err(ResumeError::Unknown(name.to_owned()))
    }
}
