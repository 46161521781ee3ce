//! `GET /sessions`: the active sessions of the caller.

use axum::Json;
use axum::extract::State;
use domain::SessionId;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::app::AppState;
use crate::auth::session;
use crate::http::caller::Caller;
use crate::http::page::{ListQuery, NoFilter, Page, PageParams};
use crate::http::problem::Problem;

/// A session of the caller.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    #[schema(value_type = uuid::Uuid)]
    id: SessionId,
    user_agent: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Accurate to five minutes.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// True for the session of this request.
    current: bool,
}

/// Lists the active sessions of the caller, newest first.
#[utoipa::path(
    get,
    path = "/sessions",
    tag = "session",
    params(PageParams),
    responses((status = 200, body = Page<SessionView>)),
)]
pub async fn list_sessions(
    State(app): State<AppState>,
    caller: Caller,
    query: ListQuery<NoFilter>,
) -> Result<Json<Page<SessionView>>, Problem> {
    let after = query.parse_sort_key::<(Timestamp, Uuid)>()?;
    let limit = i64::from(query.limit) + 1;
    let sessions =
        session::list_for_account(&app.pool, caller.account_id, app.clock.now(), after, limit).await?;
    let views = sessions.into_iter().map(|session| SessionView {
        id: session.session_id,
        user_agent: session.user_agent,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
        current: session.session_id == caller.session_id,
    });
    Ok(Json(Page::from_rows(views.collect(), query.limit, |row| (row.created_at, row.id))))
}
