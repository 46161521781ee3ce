//! Tasks for admins: list, count, retry, abandon.

use domain::{Clock, Position};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgPool, Row};
use uuid::Uuid;

domain::code_enum!(
    /// State of a task.
    TaskState {
        /// The task waits for its due time, for its queue, or for a retry.
        Waiting = "waiting",
        Running = "running",
        Done = "done",
        /// The task is not retried unless an admin requests it.
        Abandoned = "abandoned",
    }
);

/// Filter of tasks; `None` matches all.
#[derive(Clone, Debug, Default)]
pub struct TaskFilter {
    pub process: Option<String>,
    pub kind: Option<String>,
    pub state: Option<TaskState>,
    pub queue: Option<String>,
    pub correlation_id: Option<Uuid>,
    /// Matches only tasks recorded before the one with this ordinal, for the next page.
    pub before: Option<i64>,
    /// Maximum number of tasks; 0 means 100.
    pub limit: u32,
}

/// A task with its history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskRow {
    pub id: Uuid,
    /// Number in the order of recording.
    pub ordinal: i64,
    pub process: String,
    pub kind: String,
    pub key: String,
    #[serde(rename = "lane")]
    pub queue: Option<String>,
    pub payload: Value,
    pub state: TaskState,
    pub due_at: Timestamp,
    pub recorded_at: Timestamp,
    pub attempts: u32,
    pub outcome_unknown: bool,
    pub last_error: Option<String>,
    pub finished_at: Option<Timestamp>,
    pub cause: Uuid,
    pub cause_position: Position,
    pub correlation_id: Uuid,
}

/// Numbers of tasks of one kind, by state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskCounts {
    pub kind: String,
    pub waiting: u64,
    pub running: u64,
    pub done: u64,
    pub abandoned: u64,
    /// Seconds since the due time of the oldest overdue task; `None` if no task is overdue.
    pub oldest_due_seconds: Option<f64>,
}

/// Lists the tasks that match, newest first.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn list_tasks(pool: &PgPool, filter: &TaskFilter) -> Result<Vec<TaskRow>, sqlx::Error> {
    let limit = if filter.limit == 0 { 100 } else { filter.limit };
    let rows = sqlx::query(
        "select id, ordinal, process, kind, key, lane, payload, state, due_at, recorded_at, attempts,
                outcome_unknown, last_error, finished_at, cause, cause_position, correlation_id
         from process.tasks
         where ($1::text is null or process = $1)
           and ($2::text is null or kind = $2)
           and ($3::text is null or state = $3)
           and ($4::text is null or lane = $4)
           and ($5::uuid is null or correlation_id = $5)
           and ($6::bigint is null or ordinal < $6)
         order by ordinal desc
         limit $7",
    )
    .bind(&filter.process)
    .bind(&filter.kind)
    .bind(filter.state.map(TaskState::as_str))
    .bind(&filter.queue)
    .bind(filter.correlation_id)
    .bind(filter.before)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    rows.iter().map(parse_row).collect()
}

fn parse_row(row: &sqlx::postgres::PgRow) -> Result<TaskRow, sqlx::Error> {
    Ok(TaskRow {
        id: row.try_get("id")?,
        ordinal: row.try_get("ordinal")?,
        process: row.try_get("process")?,
        kind: row.try_get("kind")?,
        key: row.try_get("key")?,
        queue: row.try_get("lane")?,
        payload: row.try_get("payload")?,
        state: TaskState::parse(row.try_get("state")?).unwrap_or(TaskState::Waiting),
        due_at: row.try_get::<jiff_sqlx::Timestamp, _>("due_at")?.to_jiff(),
        recorded_at: row.try_get::<jiff_sqlx::Timestamp, _>("recorded_at")?.to_jiff(),
        attempts: row.try_get::<i32, _>("attempts")?.cast_unsigned(),
        outcome_unknown: row.try_get("outcome_unknown")?,
        last_error: row.try_get("last_error")?,
        finished_at: row
            .try_get::<Option<jiff_sqlx::Timestamp>, _>("finished_at")?
            .map(jiff_sqlx::Timestamp::to_jiff),
        cause: row.try_get("cause")?,
        cause_position: row.try_get("cause_position")?,
        correlation_id: row.try_get("correlation_id")?,
    })
}

/// Counts the tasks of every kind.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn task_counts(pool: &PgPool, clock: &dyn Clock) -> Result<Vec<TaskCounts>, sqlx::Error> {
    let rows = sqlx::query(
        "select kind,
                count(*) filter (where state = 'waiting') as waiting,
                count(*) filter (where state = 'running') as running,
                count(*) filter (where state = 'done') as done,
                count(*) filter (where state = 'abandoned') as abandoned,
                extract(epoch from $1 - min(due_at) filter (where state in ('waiting', 'running') and due_at <= $1))::float8
                    as oldest
         from process.tasks
         group by kind
         order by kind",
    )
    .bind(clock.now().to_sqlx())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let count = |name| row.try_get::<i64, _>(name).map(i64::cast_unsigned);
            Ok(TaskCounts {
                kind: row.try_get("kind")?,
                waiting: count("waiting")?,
                running: count("running")?,
                done: count("done")?,
                abandoned: count("abandoned")?,
                oldest_due_seconds: row.try_get("oldest")?,
            })
        })
        .collect()
}

/// Retries abandoned tasks at once. The numbers of attempts continue.
///
/// Returns the ids of the tasks that were abandoned.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn retry_abandoned(
    pool: &PgPool,
    clock: &dyn Clock,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "update process.tasks set state = 'waiting', due_at = $2, finished_at = null
         where id = any($1) and state = 'abandoned'
         returning id",
        ids,
        clock.now().to_sqlx() as _,
    )
    .fetch_all(pool)
    .await
}

/// Abandons a waiting task. Returns false if the task is not waiting.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn abandon_task(
    pool: &PgPool,
    clock: &dyn Clock,
    id: Uuid,
    reason: &str,
) -> Result<bool, sqlx::Error> {
    let abandoned = sqlx::query!(
        "update process.tasks set state = 'abandoned', last_error = $2, finished_at = $3
         where id = $1 and state = 'waiting'",
        id,
        reason,
        clock.now().to_sqlx() as _,
    )
    .execute(pool)
    .await?;
    Ok(abandoned.rows_affected() == 1)
}
