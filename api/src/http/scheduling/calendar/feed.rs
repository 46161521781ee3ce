//! `POST /calendar-feed`, `GET /calendar/{token}.ics`: a calendar that others' programs subscribe to.

use axum::extract::State;
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::SignedDuration;
use projections::scheduling::calendar_lessons;
use serde::Serialize;

use super::ics;
use crate::app::Shared;
use crate::auth::calendar_feed;
use crate::auth::session::Token;
use crate::http::BASE;
use crate::http::caller::Caller;
use crate::http::idempotency::MadeAgain;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// How long past lessons are shown.
const PAST: SignedDuration = SignedDuration::from_hours(24 * 90);

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
    State(app): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let token = Token::fresh().map_err(|error| Problem::internal(&error))?;
    calendar_feed::rotate(&app.pool, caller.account_id, &token).await?;
    let scheme = if app.settings.cookie_secure { "https" } else { "http" };
    // Without a host there is still the path.
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = host.map(|host| format!("{scheme}://{host}")).unwrap_or_default();
    let url = format!("{origin}{BASE}/calendar/{}.ics", token.to_text());
    Ok((StatusCode::OK, Extension(MadeAgain), Json(CalendarFeed { url })).into_response())
}

/// The calendar behind a secret address, `<token>.ics`: the lessons of the last 90 days and all that lie
/// ahead, in UTC, in the person's language. Cancelled lessons stay, as STATUS:CANCELLED; SEQUENCE counts
/// what changes. 404 for an address that opens nothing (any more).
#[utoipa::path(
    get,
    path = "/calendar/{file}",
    operation_id = "get_calendar",
    tag = "calendar",
    params(("file" = String, Path, description = "The token and `.ics`")),
    responses((status = 200, body = String, content_type = "text/calendar")),
)]
pub async fn calendar(
    State(app): State<Shared>,
    Path(file): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let token = file.strip_suffix(".ics").and_then(Token::parse).ok_or_else(Problem::not_found)?;
    let account_id = calendar_feed::find(&app.pool, &token).await?.ok_or_else(Problem::not_found)?;
    let account = app.account(account_id).await?;
    let person = account.state.person().filter(|person| !person.suspended);
    let person = person.ok_or_else(Problem::not_found)?;
    let locale = person.profile.locale.unwrap_or_default();
    let now = app.clock.now();
    let lessons = calendar_lessons(&app.pool, account_id, now - PAST, None, locale).await?;
    Ok(ics::answer(ics::calendar(&lessons, locale, now)))
}
