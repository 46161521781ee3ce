//! `PUT /crm/views/{id}`: replaces a saved view of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use jiff_sqlx::ToSqlx;
use uuid::Uuid;

use super::view::{SaveViewRequest, SavedView};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Replaces a saved view of the caller.
///
/// Refusals: 404, also for views of other agents; 422 per field.
#[utoipa::path(put, path = "/crm/views/{id}", tag = "desk",
    params(("id" = Uuid, Path)), request_body = SaveViewRequest, responses((status = 200, body = SavedView)))]
pub async fn change_saved_view(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<SaveViewRequest>,
) -> Result<impl IntoResponse, Problem> {
    let ((name, query), updated_at) = (new.validate(&caller)?, app.clock.now());
    let changed = sqlx::query!(
        "update desk.views set name = $3, shared = $4, query = $5, updated_at = $6
         where id = $1 and owner = $2",
        id,
        caller.account_id.uuid(),
        name,
        new.shared,
        query,
        updated_at.to_sqlx() as _,
    );
    if changed.execute(&app.pool).await?.rows_affected() == 0 {
        return Err(Problem::not_found());
    }
    Ok(Answer(SavedView { id, name, shared: new.shared, query, own: true, updated_at }))
}
