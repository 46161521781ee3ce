//! `POST /admin/crm/test`: tests the connection to the external CRM.

use axum::Json as Answer;
use axum::extract::State;
use crm_sync::ConnectionTest;

use super::integration::crm_integration;
use crate::app::AppState;
use crate::http::command_context::Invocation;
use crate::http::document::shapes::admin;
use crate::http::problem::Problem;

/// Tests the connection to the external CRM.
///
/// The test creates, reads and deletes a marked user with real calls.
/// Refusals: 409 `crm_not_configured`.
#[utoipa::path(post, path = "/admin/crm/test", tag = "admin", params(Invocation), responses((status = 200, body = admin::ConnectionTest)))]
pub async fn test_crm_connection(
    State(app): State<AppState>,
    invocation: Invocation,
) -> Result<Answer<ConnectionTest>, Problem> {
    Ok(Answer(crm_integration(&app)?.test_connection(&invocation.context()).await?))
}
