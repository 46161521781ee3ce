//! `POST /calendar-feed`: gives one's calendar a new, secret address; the address before does not open it any more.

use axum::extract::State;
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Serialize;

use crate::app::AppState;
use crate::auth::calendar_feed;
use crate::auth::session::Token;
use crate::http::BASE;
use crate::http::caller::Caller;
use crate::http::idempotency::DoNotStore;
use crate::http::problem::Problem;

/// Where the calendar is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CalendarFeed {
    /// Whoever knows it reads the calendar.
    url: String,
}

/// Gives one's calendar a new, secret address; the address before does not open it any more.
#[utoipa::path(
    post,
    path = "/calendar-feed",
    operation_id = "rotate_calendar_feed",
    tag = "calendar",
    responses((status = 200, body = CalendarFeed)),
)]
pub async fn rotate(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let token = Token::generate().map_err(|error| Problem::internal(&error))?;
    calendar_feed::rotate(&app.pool, caller.account_id, &token).await?;
    let scheme = if app.settings.cookie_secure { "https" } else { "http" };
    // Without a host there is still the path.
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = host.map(|host| format!("{scheme}://{host}")).unwrap_or_default();
    let url = format!("{origin}{BASE}/calendar/{}.ics", token.to_text());
    Ok((StatusCode::OK, Extension(DoNotStore), Json(CalendarFeed { url })).into_response())
}
