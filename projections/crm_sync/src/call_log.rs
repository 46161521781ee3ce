//! The log of all calls to the external CRM: subject, duration and result, without personal data.

use domain::AccountId;
use domain::crm::FailureCause;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::PgPool;

use crate::call_failure::CallFailure;

/// Maximum number of stored calls; older ones are deleted.
const KEPT_CALLS: i64 = 100_000;
/// Number of calls between two deletions of old ones.
const TRIM_INTERVAL_CALLS: i64 = 1_000;

/// A stored call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallAttempt {
    pub id: i64,
    pub account_id: Option<AccountId>,
    /// `user`, `ticket`, `test`, `listing`.
    pub what: String,
    pub at: Timestamp,
    pub method: String,
    /// Path without the query, because the query may hold an e-mail address.
    pub path: String,
    pub status: Option<u16>,
    pub latency_ms: u64,
    /// `answered`, `refused`, `failed` (known not to be done) or `unknown`.
    pub outcome: String,
    pub error: Option<String>,
}

/// A call that has just ended.
pub(crate) struct FinishedCall<'a> {
    pub account_id: Option<AccountId>,
    pub what: &'static str,
    pub at: Timestamp,
    pub method: &'a str,
    pub path: &'a str,
    pub latency_ms: u64,
    pub failure: Option<&'a CallFailure>,
    pub status: Option<u16>,
}

/// Stores a call. Deletes the oldest calls every [`TRIM_INTERVAL_CALLS`] calls.
pub(crate) async fn record_call(pool: &PgPool, call: FinishedCall<'_>) -> Result<(), sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into process.crm_attempts (account_id, what, at, method, path, status, latency_ms, outcome, error)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         returning id",
        call.account_id.map(AccountId::uuid),
        call.what,
        call.at.to_sqlx() as _,
        call.method,
        call.path,
        call.status.map(i32::from),
        i64::try_from(call.latency_ms).unwrap_or(i64::MAX),
        outcome_name(call.failure),
        call.failure.map(CallFailure::name),
    )
    .fetch_one(pool)
    .await?;
    if id % TRIM_INTERVAL_CALLS == 0 {
        sqlx::query!("delete from process.crm_attempts where id <= $1", id - KEPT_CALLS)
            .execute(pool)
            .await?;
    }
    Ok(())
}

/// Lists the last calls, newest first: of one account or of all, and before the call `before` if given.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn list_attempts(
    pool: &PgPool,
    account_id: Option<AccountId>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<CallAttempt>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, account_id, what, at as "at: jiff_sqlx::Timestamp", method, path, status, latency_ms,
             outcome, error
           from process.crm_attempts
           where ($1::uuid is null or account_id = $1) and ($2::bigint is null or id < $2)
           order by id desc
           limit $3"#,
        account_id.map(AccountId::uuid),
        before,
        i64::from(limit),
    )
    .fetch_all(pool)
    .await?;
    let attempts = rows.into_iter().map(|row| CallAttempt {
        id: row.id,
        account_id: row.account_id.map(AccountId),
        what: row.what,
        at: row.at.to_jiff(),
        method: row.method,
        path: row.path,
        status: row.status.and_then(|status| u16::try_from(status).ok()),
        latency_ms: u64::try_from(row.latency_ms).unwrap_or(0),
        outcome: row.outcome,
        error: row.error,
    });
    Ok(attempts.collect())
}

fn outcome_name(failure: Option<&CallFailure>) -> &'static str {
    match failure {
        None => "answered",
        Some(failure) if failure.outcome_unknown => "unknown",
        Some(failure) if matches!(failure.cause, FailureCause::Refused | FailureCause::Gone) => "refused",
        Some(_) => "failed",
    }
}
