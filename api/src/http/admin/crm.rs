//! `/admin/crm`: how the link to the external CRM is doing, what waits, and doing it again.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use crm_sync::deliveries::{After, DeliveryFilter, DeliveryState, DeliveryView, list_deliveries};
use crm_sync::{
    Attempt, ConnectionTest, CrmIntegration, CrmIntegrationError, IntegrationStatus, ReconcileReport,
    RetryReport, SyncReport, list_attempts,
};
use domain::AccountId;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::command_context::Asking;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, NoFilter, Page, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Figures of the real calls and of the deliveries: status from the last call, backlog, oldest age,
/// counts, latency percentiles in milliseconds, state of the circuit breaker.
/// Refusals: 409 `crm_not_configured`.
#[utoipa::path(get, path = "/admin/crm/integration", tag = "admin", responses((status = 200, body = Object)))]
pub async fn integration(
    State(app): State<Shared>,
    fresh: MinPosition,
    _: Query<NoFilter>,
) -> Result<Answer<IntegrationStatus>, Problem> {
    fresh.reached(&app, &["crm_deliveries"]).await?;
    Ok(Answer(crm(&app)?.status().await?))
}

/// Which deliveries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesFilter {
    status: Option<DeliveryState>,
    account_id: Option<AccountId>,
    /// Only records that were found to differ.
    drift: Option<bool>,
}

/// The deliveries, the first asked for first: one per account and record.
#[utoipa::path(
    get,
    path = "/admin/crm/deliveries",
    tag = "admin",
    params(
        ("status" = Option<String>, Query, description = "pending, delivered, retrying or abandoned"),
        ("account_id" = Option<Uuid>, Query),
        ("drift" = Option<bool>, Query),
        ("limit" = Option<u32>, Query),
        ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Object)),
)]
pub async fn deliveries(
    State(app): State<Shared>,
    fresh: MinPosition,
    query: ListQuery<DeliveriesFilter>,
) -> Result<Answer<Page<DeliveryView>>, Problem> {
    fresh.reached(&app, &["crm_deliveries"]).await?;
    let after = query.after::<(u64, Uuid)>()?.map(|(position, id)| After { position, id });
    let filter = DeliveryFilter {
        state: query.filter.status,
        account_id: query.filter.account_id,
        with_drift: query.filter.drift.unwrap_or(false),
    };
    let rows = list_deliveries(&app.pool, filter, after, query.limit + 1).await?;
    Ok(Answer(Page::of(rows, query.limit, |row| (row.position, row.id))))
}

/// Whose calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptsFilter {
    account_id: Option<AccountId>,
}

/// The log of calls, the newest first: method, path, status, latency, outcome. Nothing secret, nothing
/// personal.
#[utoipa::path(
    get,
    path = "/admin/crm/attempts",
    tag = "admin",
    params(
        ("account_id" = Option<Uuid>, Query),
        ("limit" = Option<u32>, Query),
        ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Object)),
)]
pub async fn attempts(
    State(app): State<Shared>,
    query: ListQuery<AttemptsFilter>,
) -> Result<Answer<Page<Attempt>>, Problem> {
    let before = query.after::<i64>()?;
    let rows = list_attempts(&app.pool, query.filter.account_id, before, query.limit + 1).await?;
    Ok(Answer(Page::of(rows, query.limit, |row| row.id)))
}

/// Asks for one delivery again, whatever its state; it follows in its account's lane.
#[utoipa::path(
    post,
    path = "/admin/crm/deliveries/{id}/retry",
    tag = "admin",
    params(("id" = Uuid, Path)),
    responses((status = 202, body = Object)),
)]
pub async fn retry(
    State(app): State<Shared>,
    asking: Asking,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    let delivery = crm(&app)?.retry(id, &asking.context()).await?;
    Ok((StatusCode::ACCEPTED, Answer(delivery)))
}

/// Which deliveries to ask for again: the abandoned ones when no status is named.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkRetry {
    #[schema(value_type = Option<String>)]
    status: Option<DeliveryState>,
    #[schema(value_type = Option<Uuid>)]
    account_id: Option<AccountId>,
    /// Only tells what would be asked for.
    #[serde(default)]
    dry_run: bool,
}

/// Asks for many deliveries again.
#[utoipa::path(
    post,
    path = "/admin/crm/deliveries/retry",
    tag = "admin",
    request_body = BulkRetry,
    responses((status = 200, body = Object)),
)]
pub async fn retry_all(
    State(app): State<Shared>,
    asking: Asking,
    Json(wanted): Json<BulkRetry>,
) -> Result<Answer<RetryReport>, Problem> {
    let filter =
        DeliveryFilter { state: wanted.status, account_id: wanted.account_id, ..DeliveryFilter::default() };
    Ok(Answer(crm(&app)?.retry_all(filter, wanted.dry_run, &asking.context()).await?))
}

/// Calls the CRM for real: a marked user is created, read and deleted.
#[utoipa::path(post, path = "/admin/crm/test", tag = "admin", responses((status = 200, body = Object)))]
pub async fn test(State(app): State<Shared>, asking: Asking) -> Result<Answer<ConnectionTest>, Problem> {
    Ok(Answer(crm(&app)?.test_connection(&asking.context()).await?))
}

/// Whether anything is to be done, or only told.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncRequest {
    #[serde(default)]
    dry_run: bool,
}

/// Brings to the CRM whatever the log says from its beginning and the CRM does not hold.
/// Refusals: 503 `crm_unavailable` when it can not be read completely.
#[utoipa::path(
    post,
    path = "/admin/crm/sync",
    tag = "admin",
    request_body = SyncRequest,
    responses((status = 200, body = Object)),
)]
pub async fn sync(
    State(app): State<Shared>,
    asking: Asking,
    Json(wanted): Json<SyncRequest>,
) -> Result<Answer<SyncReport>, Problem> {
    Ok(Answer(crm(&app)?.sync_all(wanted.dry_run, &asking.context()).await?))
}

/// What to do about the records that differ.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconcileRequest {
    /// Put right what differs.
    #[serde(default)]
    heal: bool,
    /// Record and ask for nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Compares every user and welcome ticket there with what the log says that must be there.
/// Refusals: 503 `crm_unavailable` when it can not be read completely.
#[utoipa::path(
    post,
    path = "/admin/crm/reconcile",
    tag = "admin",
    request_body = ReconcileRequest,
    responses((status = 200, body = Object)),
)]
pub async fn reconcile(
    State(app): State<Shared>,
    asking: Asking,
    Json(wanted): Json<ReconcileRequest>,
) -> Result<Answer<ReconcileReport>, Problem> {
    Ok(Answer(crm(&app)?.reconcile(wanted.heal, wanted.dry_run, &asking.context()).await?))
}

fn crm(app: &App) -> Result<&Arc<CrmIntegration>, Problem> {
    app.crm.as_ref().ok_or_else(|| Problem::new("crm_not_configured"))
}

impl From<CrmIntegrationError> for Problem {
    fn from(error: CrmIntegrationError) -> Self {
        match error {
            CrmIntegrationError::NotFound => Problem::not_found(),
            CrmIntegrationError::CrmUnavailable { .. } => Problem::new("crm_unavailable"),
            CrmIntegrationError::Database(error) => error.into(),
            CrmIntegrationError::Log(_) => Problem::unavailable(),
            CrmIntegrationError::Dispatch(error) => error.into(),
        }
    }
}
