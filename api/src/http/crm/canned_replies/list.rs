//! `GET /crm/canned-replies`: canned replies by title.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;

use super::view::{CannedReplies, CannedReply};
use crate::app::AppState;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Lists the canned replies by title.
#[utoipa::path(get, path = "/crm/canned-replies", tag = "desk",
    responses((status = 200, body = CannedReplies)))]
pub async fn list_canned_replies(
    State(app): State<AppState>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let data = sqlx::query_as!(
        CannedReply,
        r#"select id, title, body, updated_at as "updated_at: jiff_sqlx::Timestamp"
           from desk.canned_replies
           order by title, id"#,
    );
    Ok(Answer(CannedReplies { data: data.fetch_all(&app.pool).await? }))
}
