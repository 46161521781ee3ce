//! `POST /series/{id}/exceptions`: leaves a date out.

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

/// A date without a slot.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SeriesException)]
pub struct AddSeriesExceptionRequest {
    /// A local date.
    #[schema(format = Date)]
    date: String,
}

/// Leaves a date out. Its slot is withdrawn when nobody is booked, a lesson that is booked stays, but for one
/// of a class alone, which is cancelled; the answer tells.
/// Refusals: 404 `series_not_found`; 409 `series_ended`; 422 for a date that the series does not name.
#[utoipa::path(
    post,
    path = "/series/{id}/exceptions",
    operation_id = "add_series_exception",
    tag = "series",
    params(("id" = uuid::Uuid, Path)),
    request_body = AddSeriesExceptionRequest,
    responses((status = 200, body = ChangedSeries)),
)]
pub async fn except(
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
