//! The lease of a task: claimed, renewed, and finished with an outcome.

use std::time::Duration;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgPool, Row};
use tokio::time::timeout;

use crate::process_manager::{Task, TaskOutcome};

/// Claims up to `limit` tasks of one kind that may begin now.
pub(super) async fn claim(
    pool: &PgPool,
    kind: &str,
    now: Timestamp,
    limit: usize,
    lease: Duration,
) -> Result<Vec<Task>, sqlx::Error> {
    let claimed = sqlx::query(include_str!("claim.sql"))
        .bind(kind)
        .bind(now.to_sqlx())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(milliseconds(lease));
    let rows = within_deadline(claimed.fetch_all(pool)).await?;
    rows.iter().map(parse_task).collect()
}

fn parse_task(row: &sqlx::postgres::PgRow) -> Result<Task, sqlx::Error> {
    Ok(Task {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        key: row.try_get("key")?,
        queue: row.try_get("lane")?,
        payload: row.try_get("payload")?,
        attempt: row.try_get::<i32, _>("attempts")?.cast_unsigned(),
        outcome_unknown: row.try_get("outcome_unknown")?,
        cause: row.try_get("cause")?,
        cause_position: row.try_get("cause_position")?,
        correlation_id: row.try_get("correlation_id")?,
    })
}

/// Returns the due time of the next task of this kind that is not yet due.
pub(super) async fn next_due(
    pool: &PgPool,
    kind: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let due = sqlx::query_scalar!(
        r#"select min(due_at) as "due_at: jiff_sqlx::Timestamp"
           from process.tasks
           where kind = $1 and state = 'waiting' and due_at > $2"#,
        kind,
        now.to_sqlx() as _,
    );
    let due = within_deadline(due.fetch_one(pool)).await?;
    Ok(due.map(jiff_sqlx::Timestamp::to_jiff))
}

/// Renews the lease of a task. Returns false if another worker has the task.
pub(super) async fn renew(pool: &PgPool, task: &Task, lease: Duration) -> Result<bool, sqlx::Error> {
    let renewed = sqlx::query!(
        "update process.tasks set leased_until = clock_timestamp() + $3 * interval '1 millisecond'
         where id = $1 and attempts = $2 and state = 'running'",
        task.id,
        task.attempt.cast_signed(),
        milliseconds(lease),
    );
    let renewed = within_deadline(renewed.execute(pool)).await?;
    Ok(renewed.rows_affected() == 1)
}

/// Result of writing an outcome.
pub(super) enum FinishResult {
    /// `next` is the kind of the next task of the queue, if there is one.
    Written { next: Option<String> },
    /// Another worker has the task now.
    TooLate,
}

/// Writes the outcome of an attempt.
pub(super) async fn finish(
    pool: &PgPool,
    task: &Task,
    outcome: &TaskOutcome,
    now: Timestamp,
) -> Result<FinishResult, sqlx::Error> {
    let (state, due_at, error, unknown) = match outcome {
        TaskOutcome::Done => ("done", None, None, false),
        TaskOutcome::RetryAt { at, error, outcome_unknown } => {
            ("waiting", Some(*at), Some(error), *outcome_unknown)
        }
        TaskOutcome::Abandon { error } => ("abandoned", None, Some(error), task.outcome_unknown),
    };
    let finished = sqlx::query_scalar(
        "with finished as (
           update process.tasks
           set state = case when run_again and $3 = 'done' then 'waiting' else $3 end,
               run_again = run_again and $3 <> 'done',
               due_at = coalesce($4, case when run_again then greatest(again_at, $7) end, due_at),
               last_error = coalesce($5, last_error),
               outcome_unknown = $6, leased_until = null,
               finished_at =
                   case when $3 = 'waiting' or run_again and $3 = 'done' then null else $7::timestamptz end
           where id = $1 and attempts = $2 and state = 'running'
           returning lane)
         select (
           select other.kind from process.tasks as other
           where other.lane = finished.lane and other.id <> $1 and other.state in ('waiting', 'running')
           order by other.ordinal
           limit 1)
         from finished",
    )
    .bind(task.id)
    .bind(task.attempt.cast_signed())
    .bind(state)
    .bind(due_at.map(ToSqlx::to_sqlx))
    .bind(error)
    .bind(unknown)
    .bind(now.to_sqlx());
    let finished: Option<Option<String>> = within_deadline(finished.fetch_optional(pool)).await?;
    Ok(finished.map_or(FinishResult::TooLate, |next| FinishResult::Written { next }))
}

/// Maximum duration of a statement about tasks.
const QUERY_TIMEOUT: Duration = Duration::from_secs(10);

async fn within_deadline<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    timeout(QUERY_TIMEOUT, work).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}
