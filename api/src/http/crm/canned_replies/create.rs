//! `POST /crm/canned-replies`: creates a canned reply.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff_sqlx::ToSqlx;
use uuid::Uuid;

use super::view::{CannedReply, SaveCannedReplyRequest};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

/// Most canned replies of the installation.
const CANNED_REPLIES: i64 = 1_000;

/// Creates a canned reply.
///
/// Refusals: 422 per field; `/body` `unknown` for an unknown variable.
#[utoipa::path(post, path = "/crm/canned-replies", tag = "desk",
    request_body = SaveCannedReplyRequest, params(Invocation), responses((status = 201, body = CannedReply)))]
pub async fn create_canned_reply(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(new): Json<SaveCannedReplyRequest>,
) -> Result<impl IntoResponse, Problem> {
    let id = Uuid::new_v5(&invocation.context().command_id.uuid(), b"canned reply");
    let ((title, body), updated_at) = (new.validate()?, app.clock.now());
    let stored = sqlx::query_scalar!(
        r#"with stored as (
             insert into desk.canned_replies (id, title, body, made_by, updated_at)
             select $1, $2, $3, $4, $5
             where (select count(*) from desk.canned_replies) < $6
             on conflict (id) do nothing
             returning id
           )
           select exists (select from stored union all select from desk.canned_replies where id = $1) as "stored!""#,
        id,
        title,
        body,
        caller.account_id.uuid(),
        updated_at.to_sqlx() as _,
        CANNED_REPLIES,
    )
    .fetch_one(&app.pool)
    .await?;
    if !stored {
        return Err(Problem::new("storage_used_up"));
    }
    Ok((StatusCode::CREATED, Answer(CannedReply { id, title, body, updated_at })))
}
