//! `GET /crm/views`: views of the caller and shared views, by name.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;

use super::view::{SavedView, SavedViews};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Lists the caller's and the shared views by name.
#[utoipa::path(get, path = "/crm/views", tag = "desk",
    responses((status = 200, body = SavedViews)))]
pub async fn list_saved_views(
    State(app): State<AppState>,
    caller: Caller,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let data = sqlx::query_as!(
        SavedView,
        r#"select id, name, shared, query, owner = $1 as "own!",
                  updated_at as "updated_at: jiff_sqlx::Timestamp"
           from desk.views
           where owner = $1 or shared
           order by name, id"#,
        caller.account_id.uuid(),
    );
    Ok(Answer(SavedViews { data: data.fetch_all(&app.pool).await? }))
}
