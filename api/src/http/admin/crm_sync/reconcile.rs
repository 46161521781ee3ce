//! `POST /admin/crm/reconcile`: compares every user and welcome ticket there with what the log says that must be there.

use axum::Json as Answer;
use axum::extract::State;
use crm_sync::ReconcileReport;
use serde::Deserialize;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

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
    State(app): State<AppState>,
    invocation: Invocation,
    Json(request): Json<ReconcileRequest>,
) -> Result<Answer<ReconcileReport>, Problem> {
    Ok(Answer(crm_integration(&app)?.reconcile(request.heal, request.dry_run, &invocation.context()).await?))
}
