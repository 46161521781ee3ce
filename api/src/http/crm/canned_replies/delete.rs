//! `DELETE /crm/canned-replies/{id}`: deletes a canned reply.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use uuid::Uuid;

use crate::app::AppState;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Deletes a canned reply.
///
/// Returns 204 also if the canned reply does not exist.
#[utoipa::path(delete, path = "/crm/canned-replies/{id}", tag = "desk",
    params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_canned_reply(
    State(app): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    sqlx::query!("delete from desk.canned_replies where id = $1", id).execute(&app.pool).await?;
    Ok(StatusCode::NO_CONTENT)
}
