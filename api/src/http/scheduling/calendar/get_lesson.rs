//! `GET /lessons/{id}.ics`: returns one lesson as a calendar file.

use axum::extract::State;
use axum::http::Request;
use axum::http::uri::{PathAndQuery, Uri};
use axum::response::IntoResponse;
use domain::SlotId;
use jiff::Timestamp;
use projections::scheduling::calendar_lessons;

use super::ics;
use crate::app::AppState;
use crate::http::BASE;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Returns one lesson as a calendar file.
///
/// The address `/lessons/{id}.ics` returns the same file. Only the teacher and the students with a present or
/// cancelled booking may read it.
///
/// Refusals: 404 for all other people.
#[utoipa::path(
    get,
    path = "/lessons/{id}/calendar.ics",
    tag = "calendar",
    params(MinPosition, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = String, content_type = "text/calendar")),
)]
pub async fn get_lesson_calendar(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    Path(id): Path<SlotId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, &["slots", "directory"]).await?;
    let locale = caller.person.profile.locale.unwrap_or_default();
    let lessons =
        calendar_lessons(&app.pool, caller.account_id, Timestamp::UNIX_EPOCH, Some(id), locale).await?;
    if lessons.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(ics::calendar_response(ics::render_calendar(&lessons, locale, app.clock.now())))
}

/// Rewrites `/lessons/{id}.ics` to `/lessons/{id}/calendar.ics`, because the router cannot match the ending
/// of a path segment.
pub fn without_ending<B>(mut request: Request<B>) -> Request<B> {
    if let Some(uri) = expand_ics_uri(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn expand_ics_uri(uri: &Uri) -> Option<Uri> {
    let id = uri.path().strip_prefix(BASE)?.strip_prefix("/lessons/")?.strip_suffix(".ics")?;
    if id.contains('/') {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = PathAndQuery::try_from(format!("{BASE}/lessons/{id}/calendar.ics{query}")).ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_file_of_a_lesson_is_spelled_out() {
        let path = |text: &str| expand_ics_uri(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(path("/api/v1/lessons/7.ics").as_deref(), Some("/api/v1/lessons/7/calendar.ics"));
        assert_eq!(path("/api/v1/lessons/7.ics?a=1").as_deref(), Some("/api/v1/lessons/7/calendar.ics?a=1"));
        for other in
            ["/api/v1/lessons/7", "/api/v1/lessons/7/calendar.ics", "/api/v1/calendar/7.ics", "/7.ics"]
        {
            assert_eq!(path(other), None, "{other}");
        }
    }
}
