//! `DELETE /crm/views/{id}`: deletes a saved view of the caller.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::AccountId;
use uuid::Uuid;

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Deletes a saved view of the caller.
///
/// Returns 204 also if the view does not exist. A view of another agent stays as it is.
#[utoipa::path(delete, path = "/crm/views/{id}", tag = "desk",
    params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_saved_view(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    let AccountId(owner) = caller.account_id;
    sqlx::query!("delete from desk.views where id = $1 and owner = $2", id, owner).execute(&app.pool).await?;
    Ok(StatusCode::NO_CONTENT)
}
