//! `POST /admin/crm/sync`: delivers all records of the log that the external CRM does not have.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use crm_sync::SyncReport;
use serde::Deserialize;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::document::shapes::admin;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// Options of a full synchronisation. With `dry_run`, it only reports.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncRequest {
    #[serde(default)]
    dry_run: bool,
}

/// Delivers all missing records to the external CRM.
///
/// It compares the whole log with the external CRM, and requests a delivery for each missing record.
/// Refusals: 409 `crm_not_configured`; 503 `crm_unavailable` if the CRM cannot be read completely.
#[utoipa::path(
    post,
    path = "/admin/crm/sync",
    tag = "admin",
    request_body = SyncRequest,
    params(Invocation),
    responses((status = 200, body = admin::CrmSync)),
)]
pub async fn sync_crm(
    State(app): State<AppState>,
    invocation: Invocation,
    Json(request): Json<SyncRequest>,
) -> Result<impl IntoResponse, Problem> {
    let report: SyncReport = crm_integration(&app)?.sync_all(request.dry_run, &invocation.context()).await?;
    Ok((report.position.map(LogPosition), Answer(report)))
}
