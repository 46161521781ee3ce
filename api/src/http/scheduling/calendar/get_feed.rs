//! `GET /calendar/{file}`: returns the calendar of a person at its secret address, `<token>.ics`.

use axum::extract::State;
use axum::response::IntoResponse;
use jiff::SignedDuration;
use projections::scheduling::calendar_lessons;

use super::ics;
use crate::app::AppState;
use crate::auth::calendar_feed;
use crate::auth::session::Token;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Age up to which past lessons are shown.
const SHOWN_PAST: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Returns the calendar at a secret address.
///
/// The calendar has the lessons of the last 90 days and all future lessons. Times are in UTC, texts in the
/// person's language. Cancelled lessons stay with `STATUS:CANCELLED`; `SEQUENCE` counts their changes.
///
/// Refusals: 404 if the address is unknown or was replaced.
#[utoipa::path(
    get,
    path = "/calendar/{file}",
    tag = "calendar",
    params(("file" = String, Path, description = "The token and `.ics`")),
    responses((status = 200, body = String, content_type = "text/calendar")),
)]
pub async fn get_calendar(
    State(app): State<AppState>,
    Path(file): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let token = file.strip_suffix(".ics").and_then(Token::parse).ok_or_else(Problem::not_found)?;
    let account_id = calendar_feed::find(&app.pool, &token).await?.ok_or_else(Problem::not_found)?;
    let account = app.account(account_id).await?;
    let person = account.state.person().filter(|person| !person.suspended);
    let person = person.ok_or_else(Problem::not_found)?;
    let locale = person.profile.locale.unwrap_or_default();
    let now = app.clock.now();
    let lessons = calendar_lessons(&app.pool, account_id, now - SHOWN_PAST, None, locale).await?;
    Ok(ics::calendar_response(ics::render_calendar(&lessons, locale, now)))
}
