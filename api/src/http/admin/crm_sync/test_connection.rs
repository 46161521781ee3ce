//! `POST /admin/crm/test`: calls the CRM for real: a marked user is created, read and deleted.

use axum::Json as Answer;
use axum::extract::State;
use crm_sync::ConnectionTest;

use super::integration::crm;
use crate::app::Shared;
use crate::http::command_context::Asking;
use crate::http::problem::Problem;

/// Calls the CRM for real: a marked user is created, read and deleted.
#[utoipa::path(post, path = "/admin/crm/test", tag = "admin", responses((status = 200, body = Object)))]
pub async fn test(State(app): State<Shared>, asking: Asking) -> Result<Answer<ConnectionTest>, Problem> {
    Ok(Answer(crm(&app)?.test_connection(&asking.context()).await?))
}
