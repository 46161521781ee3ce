//! Checkpoints of event handlers: loaded, moved by compare-and-swap, stopped with an error, resumed.

use domain::{Clock, Position};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgExecutor, PgPool, Row};

/// Kind of an event handler. It determines the table of the checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HandlerKind {
    ReadModel,
    #[serde(rename = "process")]
    ProcessManager,
}

/// Search path of a read model's live tables.
pub(crate) const LIVE: &str = "app, crm, public";

/// Checkpoint of one event handler.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Position up to which the effects are committed; 0 before the first event.
    pub position: Position,
    pub(crate) generation: i32,
    /// Version of the code that has written the tables.
    pub version: i32,
    /// Version of the newest code that has written the tables, or the version that an operator went back to.
    pub(crate) newest_version: i32,
    pub(crate) error: Option<CheckpointError>,
}

/// Reason why an event handler is stopped.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct CheckpointError {
    /// Position of the event that cannot be applied.
    pub position: Position,
    /// Text for an admin, without personal data.
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

    /// Loads the checkpoint. Creates it at `start` if the event handler is new.
    pub(crate) async fn load(
        self,
        db: impl PgExecutor<'_>,
        name: &str,
        version: i32,
        start: Position,
    ) -> Result<Checkpoint, sqlx::Error> {
        let table = self.table();
        // The insert returns no row if the checkpoint exists. Then the select returns it.
        let sql = format!(
            "with made as (
               insert into {table} (name, version, newest_version, position) values ($1, $2, $2, $3)
               on conflict (name) do nothing
               returning *)
             select position, generation, version, newest_version, error, error_position, error_at from made
             union all
             select position, generation, version, newest_version, error, error_position, error_at
             from {table}
             where name = $1"
        );
        let row = sqlx::query(&sql).bind(name).bind(version).bind(start).fetch_one(db).await?;
        parse_checkpoint(&row)
    }

    /// Finds the checkpoint. Returns `None` if the event handler has never run.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the database is unavailable.
    pub async fn find(self, db: impl PgExecutor<'_>, name: &str) -> Result<Option<Checkpoint>, sqlx::Error> {
        let sql = format!(
            "select position, generation, version, newest_version, error, error_position, error_at
             from {}
             where name = $1",
            self.table()
        );
        sqlx::query(&sql).bind(name).fetch_optional(db).await?.map(|row| parse_checkpoint(&row)).transpose()
    }

    /// Moves the checkpoint from `seen` to `position`, and sets up the transaction.
    ///
    /// Returns false if the checkpoint is no longer at `seen`. The caller must then write nothing.
    ///
    /// The row is locked before all others, so that a switching rebuild and a runner cannot deadlock. The
    /// commit does not wait for the disk. Rows and checkpoint are lost together if the server crashes, and
    /// follow from the log again. This holds for a process manager too: a worker flushes its claim before it
    /// runs a task, and with the claim everything written earlier.
    pub(crate) async fn advance(
        self,
        transaction: &mut PgConnection,
        name: &str,
        seen: &Checkpoint,
        position: Position,
    ) -> Result<bool, sqlx::Error> {
        let sql = format!(
            "with moved as (
               update {} set position = $2, updated_at = now()
               where name = $1 and position = $3 and generation = $4
               returning 1)
             select (select count(*) from moved) = 1,
                    set_config('synchronous_commit', 'off', true),
                    set_config('search_path', $5, true),
                    set_config('idle_in_transaction_session_timeout', '15000', true)",
            self.table()
        );
        sqlx::query_scalar(&sql)
            .bind(name)
            .bind(position)
            .bind(seen.position)
            .bind(seen.generation)
            .bind(LIVE)
            .fetch_one(transaction)
            .await
    }

    /// Sets a checkpoint that this transaction has already moved to another position.
    pub(crate) async fn set_position(
        self,
        transaction: &mut PgConnection,
        name: &str,
        position: Position,
    ) -> Result<(), sqlx::Error> {
        let sql = format!("update {} set position = $2 where name = $1", self.table());
        sqlx::query(&sql).bind(name).bind(position).execute(transaction).await.map(|_| ())
    }

    /// Records why the event handler is stopped, unless the checkpoint has moved meanwhile.
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
            .bind(seen.position)
            .bind(seen.generation)
            .bind(&error.error)
            .bind(error.position)
            .bind(error.since.to_sqlx())
            .execute(db)
            .await
            .map(|_| ())
    }
}

fn parse_checkpoint(row: &sqlx::postgres::PgRow) -> Result<Checkpoint, sqlx::Error> {
    let error: Option<String> = row.try_get("error")?;
    let position: Option<Position> = row.try_get("error_position")?;
    let since: Option<jiff_sqlx::Timestamp> = row.try_get("error_at")?;
    Ok(Checkpoint {
        position: row.try_get("position")?,
        generation: row.try_get("generation")?,
        version: row.try_get("version")?,
        newest_version: row.try_get("newest_version")?,
        error: error.map(|error| CheckpointError {
            position: position.unwrap_or_default(),
            error,
            since: since.map(jiff_sqlx::Timestamp::to_jiff).unwrap_or_default(),
        }),
    })
}

/// Loads the positions that one event handler skips.
pub(crate) async fn skipped_positions(
    db: impl PgExecutor<'_>,
    name: &str,
) -> Result<Vec<Position>, sqlx::Error> {
    sqlx::query_scalar("select position from projection.skips where name = $1").bind(name).fetch_all(db).await
}

/// Reason why a stopped event handler could not be resumed.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    #[error("there is no read model or process manager named {0}")]
    Unknown(String),
    #[error("{name} is not stopped at {position}")]
    NotStopped { name: String, position: Position },
    #[error("a skip needs a reason")]
    NoReason,
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

/// Clears the error of a stopped event handler, so that it retries its poison event.
///
/// # Errors
/// [`ResumeError::Unknown`] if no event handler of this name has ever run. [`ResumeError::Database`] if the
/// database is unavailable.
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

/// Skips the event at which an event handler is stopped. The actor and the reason are stored permanently.
///
/// # Errors
/// [`ResumeError::NoReason`] if `reason` is blank. [`ResumeError::Unknown`] if no event handler of this name
/// has ever run. [`ResumeError::NotStopped`] if it is not stopped at `position`. [`ResumeError::Database`] if
/// the database is unavailable.
pub async fn skip_event(
    pool: &PgPool,
    clock: &dyn Clock,
    name: &str,
    position: Position,
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
        sqlx::query!(
            "insert into projection.skips (name, position, actor, reason, error, recorded_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict do nothing",
            name,
            position.to_bigint(),
            actor,
            reason,
            stopped.error,
            clock.now().to_sqlx() as _,
        )
        .execute(&mut *transaction)
        .await?;
        let sql = format!(
            "update {} set error = null, error_position = null, error_at = null where name = $1",
            kind.table()
        );
        sqlx::query(&sql).bind(name).execute(&mut *transaction).await?;
        transaction.commit().await?;
        tracing::warn!(name, position = position.0, "an admin skipped an event");
        return Ok(());
    }
    if known {
        Err(ResumeError::NotStopped { name: name.to_owned(), position })
    } else {
        Err(ResumeError::Unknown(name.to_owned()))
    }
}
