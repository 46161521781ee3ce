//! `POST /admin/crm/test`: calls the CRM for real: a marked user is created, read and deleted.

use axum::Json as Answer;
use axum::extract::State;
use crm_sync::ConnectionTest;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

/// Calls the CRM for real: a marked user is created, read and deleted.
#[utoipa::path(post, path = "/admin/crm/test", tag = "admin", responses((status = 200, body = Object)))]
pub async fn test(
    State(app): State<AppState>,
    invocation: Invocation,
) -> Result<Answer<ConnectionTest>, Problem> {
    Ok(Answer(crm_integration(&app)?.test_connection(&invocation.context()).await?))
}
