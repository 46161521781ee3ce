//! `POST /admin/crm/sync`: brings to the CRM whatever the log says from its beginning and the CRM does not hold.

use axum::Json as Answer;
use axum::extract::State;
use crm_sync::SyncReport;
use serde::Deserialize;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

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
    State(app): State<AppState>,
    invocation: Invocation,
    Json(request): Json<SyncRequest>,
) -> Result<Answer<SyncReport>, Problem> {
    Ok(Answer(crm_integration(&app)?.sync_all(request.dry_run, &invocation.context()).await?))
}
