//! `POST /calendar-feed`: replaces the secret address of the caller's calendar.

use axum::extract::State;
use axum::http::StatusCode;
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

/// Address of the calendar.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CalendarFeed {
    /// Secret address; it gives access to the calendar without a session.
    url: String,
}

/// Replaces the secret address of the caller's calendar.
///
/// The address begins with the public address of the installation. The former address no longer works.
#[utoipa::path(
    post,
    path = "/calendar-feed",
    tag = "calendar",
    responses((status = 200, body = CalendarFeed)),
)]
pub async fn rotate_calendar_feed(State(app): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    let token = Token::generate().map_err(|error| Problem::internal(&error))?;
    calendar_feed::rotate(&app.pool, caller.account_id, &token).await?;
    let url = format!("{}{BASE}/calendar/{}.ics", app.settings.public_url, token.to_text());
    Ok((StatusCode::OK, Extension(DoNotStore), Json(CalendarFeed { url })).into_response())
}
