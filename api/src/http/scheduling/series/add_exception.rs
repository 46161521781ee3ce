//! `POST /series/{id}/exceptions`: excludes a date from a series.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::SeriesId;
use domain::scheduling::SeriesCommand;
use serde::Deserialize;

use super::affected_lessons::ChangedSeries;
use super::own_series::{dispatch_and_respond, load_own_series};
use super::request::parse_local_date;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Date to exclude.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddSeriesExceptionRequest {
    /// Local date.
    #[schema(format = Date)]
    date: String,
}

/// Excludes a date from a series.
///
/// A slot of that date without bookings is withdrawn. A booked lesson stays, but a lesson in which only the
/// class is booked is cancelled. The response lists both.
///
/// Refusals: 404 `series_not_found`; 409 `series_ended`; 422 if the series has no slot on that date.
#[utoipa::path(
    post,
    path = "/series/{id}/exceptions",
    tag = "series",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = AddSeriesExceptionRequest,
    responses((status = 200, body = ChangedSeries)),
)]
pub async fn add_series_exception(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SeriesId>,
    Json(exception): Json<AddSeriesExceptionRequest>,
) -> Result<impl IntoResponse, Problem> {
    let date = parse_local_date(&exception.date).ok_or_else(|| Problem::field("/date", "malformed"))?;
    let series = load_own_series(&app, &caller, id).await?;
    let command = SeriesCommand::AddException { by: caller.account_id, date };
    dispatch_and_respond(&app, &caller, &invocation, (id, &series), command).await
}
