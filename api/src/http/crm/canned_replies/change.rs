//! `PUT /crm/canned-replies/{id}`: replaces a canned reply.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use jiff_sqlx::ToSqlx;
use uuid::Uuid;

use super::view::{CannedReply, SaveCannedReplyRequest};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Replaces a canned reply.
///
/// Refusals: 404; 422 per field.
#[utoipa::path(put, path = "/crm/canned-replies/{id}", tag = "desk",
    params(("id" = Uuid, Path)), request_body = SaveCannedReplyRequest, responses((status = 200, body = CannedReply)))]
pub async fn change_canned_reply(
    State(app): State<AppState>,
    Path(id): Path<Uuid>,
    Json(new): Json<SaveCannedReplyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let ((title, body), updated_at) = (new.validate()?, app.clock.now());
    let changed = sqlx::query!(
        "update desk.canned_replies set title = $2, body = $3, updated_at = $4 where id = $1",
        id,
        title,
        body,
        updated_at.to_sqlx() as _,
    );
    if changed.execute(&app.pool).await?.rows_affected() == 0 {
        return Err(Problem::not_found());
    }
    Ok(Answer(CannedReply { id, title, body, updated_at }))
}
