//! `GET /admin/crm/integration`: status of the link to the external CRM.

use axum::Json as Answer;
use axum::extract::State;
use crm_sync::IntegrationStatus;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::document::shapes::admin;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Returns the status of the link to the external CRM.
///
/// The figures come from real calls and deliveries: status of the last call, backlog, oldest age, counts,
/// latency percentiles in milliseconds, and state of the circuit breaker.
/// Refusals: 409 `crm_not_configured`.
#[utoipa::path(get, path = "/admin/crm/integration", tag = "admin", params(MinPosition), responses((status = 200, body = admin::CrmIntegration)))]
pub async fn get_crm_integration(
    State(app): State<AppState>,
    fresh: MinPosition,
    _: Query<NoFilter>,
) -> Result<Answer<IntegrationStatus>, Problem> {
    fresh.wait_for(&app, &["crm_deliveries"]).await?;
    Ok(Answer(crm_integration(&app)?.status().await?))
}
