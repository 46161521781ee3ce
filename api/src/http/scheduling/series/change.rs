//! `PATCH /series/{id}`: changes a series from a date onwards.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::TimeZoneName;
use domain::scheduling::{LessonFormat, LessonType, SeriesChange, SeriesCommand};
use domain::{Money, SeriesId};
use serde::Deserialize;

use super::affected_lessons::ChangedSeries;
use super::own_series::{dispatch_and_respond, load_own_series};
use super::request::{TermChanges, parse_local_date, parse_local_time};
use super::view::series_not_found;
use crate::app::AppState;
use crate::http::body::{Json, double_option};
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Changes of a series from a date onwards; absent fields stay unchanged.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSeriesRequest {
    /// First local date of the change, not in the past.
    #[schema(format = Date)]
    from: String,
    #[schema(max_length = 300)]
    rrule: Option<String>,
    /// Start of the new rule: a local time without offset, on `from` or later.
    local_start: Option<String>,
    /// IANA name. Without `local_start`, the local time of day stays the same in the new zone.
    time_zone: Option<String>,
    duration_minutes: Option<u16>,
    subject: Option<String>,
    #[schema(value_type = Option<String>)]
    lesson_type: Option<LessonType>,
    #[schema(value_type = Option<String>)]
    format: Option<LessonFormat>,
    #[schema(value_type = Option<Object>)]
    price: Option<Money>,
    capacity: Option<u16>,
    /// `null` removes it.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<u16>)]
    min_participants: Option<Option<u16>>,
    goals: Option<Vec<String>>,
    grades: Option<Vec<String>>,
    /// `null` removes it.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>, max_length = 200)]
    place: Option<Option<String>>,
}

/// Changes a series from a date onwards.
///
/// Slots from that date without bookings are withdrawn, and the slots of the new rule are opened. Booked
/// lessons stay and can be moved or cancelled one by one. Lessons in which only the class is booked are
/// cancelled without a fee; the members get seats in the new ones. The response lists both.
///
/// Refusals: 404 `series_not_found`; 409 `series_ended`; 412 `stale_version`; 422 per field.
#[utoipa::path(
    patch,
    path = "/series/{id}",
    tag = "series",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = ChangeSeriesRequest,
    responses((status = 200, body = ChangedSeries)),
)]
pub async fn change_series(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SeriesId>,
    Json(changes): Json<ChangeSeriesRequest>,
) -> Result<impl IntoResponse, Problem> {
    let from = parse_local_date(&changes.from).ok_or_else(|| Problem::field("/from", "malformed"))?;
    let local_start = match changes.local_start.as_deref() {
        Some(text) => {
            Some(parse_local_time(text).ok_or_else(|| Problem::field("/local_start", "malformed"))?)
        }
        None => None,
    };
    let zone = changes.time_zone.as_deref().map(TimeZoneName::parse).transpose();
    let zone = zone.map_err(|error| Problem::field("/time_zone", error.code()))?;
    let series = load_own_series(&app, &caller, id).await?;
    let held = series.rule_on(from).ok_or_else(series_not_found)?;
    let terms = TermChanges {
        subject: changes.subject,
        lesson_type: changes.lesson_type,
        format: changes.format,
        price: changes.price,
        capacity: changes.capacity,
        min_participants: changes.min_participants,
        goals: changes.goals,
        grades: changes.grades,
        place: changes.place,
    };
    let change = SeriesChange {
        rrule: changes.rrule,
        local_start,
        zone,
        duration_minutes: changes.duration_minutes,
        template: Some(terms.apply_to(held.template.clone(), caller.account_id)),
    };
    let command = SeriesCommand::ChangeSeries { by: caller.account_id, from, change: Box::new(change) };
    dispatch_and_respond(&app, &caller, &invocation, (id, &series), command).await
}
