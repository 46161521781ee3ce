//! Status of the link to the external CRM, from its calls and deliveries.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;

use crate::integration::{CrmIntegration, CrmIntegrationError};
use crate::operations::{UnsupportedOperation, list_unsupported};
use crate::process_manager::CRM_DELIVERY;

/// Status of the link, as the CRM page of an admin shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IntegrationStatus {
    /// Result of the last call: `up`, `down`, `misconfigured` (the API key was refused) or `unknown`.
    pub status: &'static str,
    pub last_success_at: Option<Timestamp>,
    /// Number of deliveries that wait or run.
    pub backlog: u64,
    /// Age of the oldest delivery in the backlog, in seconds.
    pub oldest_age_seconds: Option<u64>,
    /// Number of records that are delivered.
    pub delivered: u64,
    /// Number of records whose last attempt failed and that are retried.
    pub failed: u64,
    pub abandoned: u64,
    /// Number of records that were found to differ and are not healed yet.
    pub drifted: u64,
    pub latency_ms: LatencyMs,
    /// `closed`, `open` or `half_open`.
    pub circuit: &'static str,
    /// Operations that the CRM does not serve. What depends on them is not delivered: it shows as drift.
    pub unsupported: Vec<UnsupportedOperation>,
}

/// Latency of the last thousand answered calls, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LatencyMs {
    pub p50: Option<u64>,
    pub p99: Option<u64>,
}

impl CrmIntegration {
    /// Loads the present status.
    ///
    /// # Errors
    /// [`CrmIntegrationError::Database`] if the database is unavailable.
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
            unsupported: list_unsupported(&self.pool).await?,
        })
    }
}

fn status_name(last_outcome: Option<&str>, last_status: Option<i32>) -> &'static str {
    match (last_outcome, last_status) {
        (None, _) => "unknown",
        (Some(_), Some(401 | 403)) => "misconfigured",
        // A refusal of one request shows that the CRM is available.
        (Some("answered" | "refused"), _) => "up",
        (Some(_), _) => "down",
    }
}
