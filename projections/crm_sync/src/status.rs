//! How the link to the external CRM is doing, from what really happened.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;

use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::process_manager::CRM_DELIVERY;

/// What the admin's CRM page shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntegrationStatus {
    /// From the last real call: `up`, `down`, `misconfigured` (the key was refused) or `unknown`.
    pub status: &'static str,
    pub last_success_at: Option<Timestamp>,
    /// Deliveries that wait or run.
    pub backlog: u64,
    /// Of the oldest in the backlog.
    pub oldest_age_seconds: Option<u64>,
    /// Records that are there.
    pub delivered: u64,
    /// Records whose last attempt failed and that are tried again.
    pub failed: u64,
    pub abandoned: u64,
    /// Records found to differ and not healed yet.
    pub drifted: u64,
    pub latency_ms: LatencyMs,
    /// `closed`, `open` or `half_open`.
    pub circuit: &'static str,
}

/// Of the last thousand answered calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LatencyMs {
    pub p50: Option<u64>,
    pub p99: Option<u64>,
}

impl CrmIntegration {
    /// The figures of this moment.
    pub async fn status(&self) -> Result<IntegrationStatus, CrmIntegrationError> {
        let row = sqlx::query_file!("src/status.sql", CRM_DELIVERY, self.clock.now().to_sqlx() as _,)
            .fetch_one(&self.pool)
            .await?;
        let whole = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
        Ok(IntegrationStatus {
            status: status_name(row.last_outcome.as_deref(), row.last_status),
            last_success_at: row.last_success_at.map(jiff_sqlx::Timestamp::to_jiff),
            backlog: whole(row.backlog).unwrap_or(0),
            oldest_age_seconds: whole(row.oldest_age_seconds),
            delivered: whole(row.delivered).unwrap_or(0),
            failed: whole(row.failed).unwrap_or(0),
            abandoned: whole(row.abandoned).unwrap_or(0),
            drifted: whole(row.drifted).unwrap_or(0),
            latency_ms: LatencyMs { p50: whole(row.p50), p99: whole(row.p99) },
            circuit: self.client.breaker.state().await?.as_str(),
        })
    }
}

fn status_name(last_outcome: Option<&str>, last_status: Option<i32>) -> &'static str {
    match (last_outcome, last_status) {
        (None, _) => "unknown",
        (Some(_), Some(401 | 403)) => "misconfigured",
        // A no to one request is a sign of life.
        (Some("answered" | "refused"), _) => "up",
        (Some(_), _) => "down",
    }
}
