//! `POST /admin/crm/reconcile`: compares the external CRM with the log.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use crm_sync::ReconcileReport;
use serde::Deserialize;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::document::shapes::admin;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// Options of a reconciliation.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconcileRequest {
    /// Requests a delivery for each record that differs.
    #[serde(default)]
    heal: bool,
    /// Only reports: records no differences and requests no deliveries.
    #[serde(default)]
    dry_run: bool,
}

/// Compares the external CRM with the log.
///
/// The comparison covers all users and welcome tickets.
/// Refusals: 409 `crm_not_configured`; 503 `crm_unavailable` if the CRM cannot be read completely.
#[utoipa::path(
    post,
    path = "/admin/crm/reconcile",
    tag = "admin",
    request_body = ReconcileRequest,
    params(Invocation),
    responses((status = 200, body = admin::CrmComparison)),
)]
pub async fn reconcile_crm(
    State(app): State<AppState>,
    invocation: Invocation,
    Json(request): Json<ReconcileRequest>,
) -> Result<impl IntoResponse, Problem> {
    let report: ReconcileReport =
        crm_integration(&app)?.reconcile(request.heal, request.dry_run, &invocation.context()).await?;
    Ok((report.position.map(LogPosition), Answer(report)))
}
