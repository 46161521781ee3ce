//! Status of all event handlers, for `GET /admin/projections` and `kafedra projections`.

use std::collections::HashSet;

use domain::{Clock, EventLog, LogError, Position};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgPool, Row};

use crate::checkpoint::{CheckpointError, HandlerKind};
use crate::leadership::{listener_lock, load_held_keys, lock_key, relay_lock};
use crate::progress::LocalState;
use crate::rebuild::{RebuildState, load_rebuild_state};
use crate::stream::{RelayReport, RelayState, load_reports};
use crate::tasks::{TaskCounts, task_counts};

/// Status of everything that follows the log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProjectionStatus {
    /// Position of the last committed event.
    pub head: Position,
    pub relays: Vec<RelayReport>,
    pub listeners: Vec<SubscriptionStatus>,
    pub tasks: Vec<TaskCounts>,
}

/// State of an event handler, as the database tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    /// An OS process runs the handler.
    Running,
    /// No OS process runs the handler.
    Idle,
    /// The handler is stopped before a poison event; see `error`.
    Stopped,
    Rebuilding,
}

/// Status of one read model or process manager.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SubscriptionStatus {
    pub name: String,
    pub kind: HandlerKind,
    pub state: SubscriptionState,
    /// Position of the checkpoint.
    pub position: Position,
    /// Number of committed events after the checkpoint.
    pub lag_events: u64,
    /// Age of the oldest event that is not yet applied, in seconds.
    pub lag_seconds: f64,
    pub version: i32,
    /// Number that grows with every switch of tables.
    pub generation: i32,
    pub error: Option<CheckpointError>,
    /// Instant at which the checkpoint last moved.
    pub updated_at: Timestamp,
    /// The last rebuild, with its progress.
    pub rebuild: Option<RebuildState>,
    /// Tables that can be switched back.
    pub previous: Option<PreviousTables>,
    pub skips: Vec<SkippedEvent>,
    /// Activity in the OS process that answers; `None` if it does not run there.
    pub here: Option<LocalState>,
}

/// Tables that the last switch has replaced.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviousTables {
    pub position: Position,
    pub version: i32,
    pub switched_at: Timestamp,
}

/// A skipped event, with the actor and the reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SkippedEvent {
    pub position: Position,
    pub actor: String,
    pub reason: String,
    pub recorded_at: Timestamp,
}

/// Reason why the status could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    #[error("the log is not available")]
    Log(#[from] LogError),
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

/// Loads the status of all event handlers, relays and tasks from the database.
///
/// # Errors
/// [`StatusError::Database`] or [`StatusError::Log`] if the database is unavailable.
pub async fn load_status(
    pool: &PgPool,
    log: &dyn EventLog,
    clock: &dyn Clock,
) -> Result<ProjectionStatus, StatusError> {
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
    // Read after the checkpoints, so that no event handler seems to be ahead.
    let head = log.head().await?;
    let held = load_held_keys(pool).await?;
    for row in rows {
        listeners.push(load_subscription(pool, log, clock, head, &held, &row).await?);
    }
    let mut relays = load_reports(pool).await?;
    for relay in &mut relays {
        if !held.contains(&lock_key(&relay_lock(&relay.stream))) {
            relay.state = RelayState::Idle;
        }
    }
    Ok(ProjectionStatus { head, relays, listeners, tasks: task_counts(pool, clock).await? })
}

async fn load_subscription(
    pool: &PgPool,
    log: &dyn EventLog,
    clock: &dyn Clock,
    head: Position,
    held: &HashSet<i64>,
    row: &sqlx::postgres::PgRow,
) -> Result<SubscriptionStatus, StatusError> {
    let name: String = row.try_get("name")?;
    let position = row.try_get("position")?;
    let error = parse_error(row)?;
    let rebuild = load_rebuild_state(pool, &name).await?;
    let rebuilding = rebuild.as_ref().is_some_and(|rebuild| rebuild.state == "running");
    let state = match (&error, rebuilding) {
        (_, true) => SubscriptionState::Rebuilding,
        (Some(_), false) => SubscriptionState::Stopped,
        (None, false) if !held.contains(&lock_key(&listener_lock(&name))) => SubscriptionState::Idle,
        (None, false) => SubscriptionState::Running,
    };
    let oldest = if position < head { log.read(position, 1).await?.pop() } else { None };
    let kind = if row.try_get::<&str, _>("kind")? == "process" {
        HandlerKind::ProcessManager
    } else {
        HandlerKind::ReadModel
    };
    Ok(SubscriptionStatus {
        kind,
        state,
        position,
        lag_events: head.since(position),
        lag_seconds: oldest
            .map_or(0.0, |event| clock.now().duration_since(event.recorded_at).as_secs_f64().max(0.0)),
        version: row.try_get("version")?,
        generation: row.try_get("generation")?,
        error,
        updated_at: row.try_get::<jiff_sqlx::Timestamp, _>("updated_at")?.to_jiff(),
        rebuild,
        previous: find_previous(pool, &name).await?,
        skips: list_skipped(pool, &name).await?,
        here: None,
        name,
    })
}

fn parse_error(row: &sqlx::postgres::PgRow) -> Result<Option<CheckpointError>, sqlx::Error> {
    let Some(error) = row.try_get::<Option<String>, _>("error")? else { return Ok(None) };
    Ok(Some(CheckpointError {
        error,
        position: row.try_get::<Option<Position>, _>("error_position")?.unwrap_or_default(),
        since: row
            .try_get::<Option<jiff_sqlx::Timestamp>, _>("error_at")?
            .map(jiff_sqlx::Timestamp::to_jiff)
            .unwrap_or_default(),
    }))
}

async fn find_previous(pool: &PgPool, name: &str) -> Result<Option<PreviousTables>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select position, version, switched_at as "switched_at: jiff_sqlx::Timestamp"
           from projection.previous
           where name = $1"#,
        name,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| PreviousTables {
        position: row.position.into(),
        version: row.version,
        switched_at: row.switched_at.to_jiff(),
    }))
}

async fn list_skipped(pool: &PgPool, name: &str) -> Result<Vec<SkippedEvent>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select position, actor, reason, recorded_at as "recorded_at: jiff_sqlx::Timestamp"
           from projection.skips
           where name = $1
           order by position"#,
        name,
    )
    .fetch_all(pool)
    .await?;
    let skipped = rows.into_iter().map(|row| SkippedEvent {
        position: row.position.into(),
        actor: row.actor,
        reason: row.reason,
        recorded_at: row.recorded_at.to_jiff(),
    });
    Ok(skipped.collect())
}
