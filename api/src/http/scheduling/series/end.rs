//! `DELETE /series/{id}`: ends a series from a date onwards.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::SeriesId;
use domain::scheduling::{Initiator, SeriesCommand};
use serde::Deserialize;

use super::affected_lessons::ChangedSeries;
use super::own_series::{dispatch_and_respond, load_own_series};
use super::request::parse_local_date;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::page::{Query, invalid_parameter};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Date of the end.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EndSeriesQuery {
    /// First local date without a slot; default is today.
    from: Option<String>,
}

/// Ends a series from a date onwards.
///
/// Slots without bookings are withdrawn. Booked lessons stay, but lessons in which only the class is booked
/// are cancelled. The response lists both.
///
/// Refusals: 404 `series_not_found`; 422 for a date in the past.
#[utoipa::path(
    delete,
    path = "/series/{id}",
    tag = "series",
    params(Invocation, ("id" = uuid::Uuid, Path), EndSeriesQuery),
    responses((status = 200, body = ChangedSeries)),
)]
pub async fn end_series(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SeriesId>,
    query: Query<EndSeriesQuery>,
) -> Result<impl IntoResponse, Problem> {
    let from = query
        .0
        .from
        .as_deref()
        .map(|text| parse_local_date(text).ok_or_else(|| invalid_parameter("from", "malformed")));
    let from = from.transpose()?;
    let series = load_own_series(&app, &caller, id).await?;
    let from = from.unwrap_or_else(|| series.today(app.clock.now()));
    let command = SeriesCommand::EndSeries { by: Initiator::Person(caller.account_id), from };
    dispatch_and_respond(&app, &caller, &invocation, (id, &series), command).await
}
