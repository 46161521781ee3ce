//! How every listener stands: for `GET /admin/projections` and `kafedra projections`.

use domain::{Clock, EventLog, LogError};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};

use crate::checkpoint::CheckpointError;
use crate::progress::LocalState;
use crate::rebuild::{RebuildState, recorded_rebuild};
use crate::stream::{RelayReport, recorded_relays};
use crate::tasks::{TaskCounts, task_counts};

/// Everything that listens to the log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// Position of the last committed event.
    pub head: u64,
    pub relays: Vec<RelayReport>,
    pub listeners: Vec<ListenerStatus>,
    pub tasks: Vec<TaskCounts>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListenerKind {
    ReadModel,
    Process,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListenerState {
    Running,
    /// A poison event stands in the way; see `error`.
    Stopped,
    Rebuilding,
}

/// One read model or process.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListenerStatus {
    pub name: String,
    pub kind: ListenerKind,
    pub state: ListenerState,
    pub position: u64,
    pub lag_events: u64,
    /// Age of the oldest event that is not applied yet.
    pub lag_seconds: f64,
    pub version: i32,
    /// Counts up with every switch of tables.
    pub generation: i32,
    pub error: Option<CheckpointError>,
    /// When the checkpoint last moved.
    pub updated_at: Timestamp,
    /// The last rebuild, with its progress.
    pub rebuild: Option<RebuildState>,
    /// Tables that can be switched back.
    pub previous: Option<PreviousTables>,
    pub skips: Vec<Skip>,
    /// What it does in the process that answers; `None` when it does not run there.
    pub here: Option<LocalState>,
}

/// Tables that a switch has put aside.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviousTables {
    pub position: u64,
    pub version: i32,
    pub switched_at: Timestamp,
}

/// An event that is left out, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Skip {
    pub position: u64,
    pub actor: String,
    pub reason: String,
    pub recorded_at: Timestamp,
}

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    #[error("the log is not available")]
    Log(#[from] LogError),
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

/// How everything stands, as the database tells it.
///
/// # Errors
/// The database is away.
pub async fn status(pool: &PgPool, log: &dyn EventLog, clock: &dyn Clock) -> Result<Status, StatusError> {
    let mut listeners = Vec::new();
    let rows = sqlx::query(
        "select 'read_model' as kind, name, position, generation, version, error, error_position, error_at, updated_at
         from projection.checkpoints
         union all
         select 'process', name, position, generation, version, error, error_position, error_at, updated_at
         from process.checkpoints
         order by kind desc, name",
    )
    .fetch_all(pool)
    .await?;
    // After the checkpoints: so no listener seems to be ahead.
    let head = log.head().await?;
    for row in rows {
        listeners.push(listener(pool, log, clock, head, &row).await?);
    }
    let relays = recorded_relays(pool).await?;
    Ok(Status { head, relays, listeners, tasks: task_counts(pool, clock).await? })
}

async fn listener(
    pool: &PgPool,
    log: &dyn EventLog,
    clock: &dyn Clock,
    head: u64,
    row: &sqlx::postgres::PgRow,
) -> Result<ListenerStatus, StatusError> {
    let name: String = row.try_get("name")?;
    let position = row.try_get::<i64, _>("position")?.cast_unsigned();
    let error = error(row)?;
    let rebuild = recorded_rebuild(pool, &name).await?;
    let rebuilding = rebuild.as_ref().is_some_and(|rebuild| rebuild.state == "running");
    let state = match (&error, rebuilding) {
        (_, true) => ListenerState::Rebuilding,
        (Some(_), false) => ListenerState::Stopped,
        (None, false) => ListenerState::Running,
    };
    let oldest = if position < head { log.read(position, 1).await?.pop() } else { None };
    let kind = if row.try_get::<&str, _>("kind")? == "process" {
        ListenerKind::Process
    } else {
        ListenerKind::ReadModel
    };
    Ok(ListenerStatus {
        kind,
        state,
        position,
        lag_events: head.saturating_sub(position),
        lag_seconds: oldest
            .map_or(0.0, |event| clock.now().duration_since(event.recorded_at).as_secs_f64().max(0.0)),
        version: row.try_get("version")?,
        generation: row.try_get("generation")?,
        error,
        updated_at: row.try_get::<jiff_sqlx::Timestamp, _>("updated_at")?.to_jiff(),
        rebuild,
        previous: previous(pool, &name).await?,
        skips: skips(pool, &name).await?,
        here: None,
        name,
    })
}

fn error(row: &sqlx::postgres::PgRow) -> Result<Option<CheckpointError>, sqlx::Error> {
    let Some(error) = row.try_get::<Option<String>, _>("error")? else { return Ok(None) };
    Ok(Some(CheckpointError {
        error,
        position: row.try_get::<Option<i64>, _>("error_position")?.unwrap_or_default().cast_unsigned(),
        since: row
            .try_get::<Option<jiff_sqlx::Timestamp>, _>("error_at")?
            .map(jiff_sqlx::Timestamp::to_jiff)
            .unwrap_or_default(),
    }))
}

async fn previous(pool: &PgPool, name: &str) -> Result<Option<PreviousTables>, sqlx::Error> {
    let row = sqlx::query("select position, version, switched_at from projection.previous where name = $1")
        .bind(name)
        .fetch_optional(pool)
        .await?;
    row.map(|row| {
        Ok(PreviousTables {
            position: row.try_get::<i64, _>("position")?.cast_unsigned(),
            version: row.try_get("version")?,
            switched_at: row.try_get::<jiff_sqlx::Timestamp, _>("switched_at")?.to_jiff(),
        })
    })
    .transpose()
}

async fn skips(pool: &PgPool, name: &str) -> Result<Vec<Skip>, sqlx::Error> {
    let rows = sqlx::query(
        "select position, actor, reason, recorded_at from projection.skips where name = $1 order by position",
    )
    .bind(name)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Skip {
                position: row.try_get::<i64, _>("position")?.cast_unsigned(),
                actor: row.try_get("actor")?,
                reason: row.try_get("reason")?,
                recorded_at: row.try_get::<jiff_sqlx::Timestamp, _>("recorded_at")?.to_jiff(),
            })
        })
        .collect()
}
