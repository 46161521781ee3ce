//! `POST /series/preview`: shows the slots that a series would open, without storing anything.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json as Answer};
use domain::RefusalError;
use domain::scheduling::{SERIES_WEEKS, SeriesError, SeriesState, local_date};
use jiff::{Span, Timestamp};
use projections::scheduling::find_time_conflicts;
use serde::Serialize;

use super::class_members::load_class_students;
use super::request::DefineSeriesRequest;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::idempotency::DoNotStore;
use crate::http::problem::Problem;

/// Slot that the series would open.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SeriesOccurrence)]
pub struct SeriesOccurrenceView {
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    /// Start as local time in the zone of the series.
    local_start: String,
    /// Conflict for which the slot would not be opened.
    conflict: Option<SeriesConflictView>,
}

/// Conflict of a slot.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SeriesConflict)]
pub struct SeriesConflictView {
    /// `time_conflict`.
    code: &'static str,
    /// `lesson`: the teacher or a member of the class has another lesson then. `series`: the previous
    /// occurrence has not ended yet.
    cause: &'static str,
}

/// Previews the slots of a series.
///
/// The response has the slots of the first eight weeks, at most 500, with their conflicts. Nothing is stored.
///
/// Refusals: 422 per field, as for `POST /series`.
#[utoipa::path(
    post,
    path = "/series/preview",
    tag = "series",
    request_body = DefineSeriesRequest,
    responses((status = 200, body = Vec<SeriesOccurrenceView>)),
)]
pub async fn preview_series(
    State(app): State<AppState>,
    caller: Caller,
    Json(new): Json<DefineSeriesRequest>,
) -> Result<impl IntoResponse, Problem> {
    let new = new.into_new_series(&caller)?;
    let now = app.clock.now();
    let problems = new.problems(now);
    if !problems.is_empty() {
        return Err(SeriesError::InvalidFields(problems).refusal().into());
    }
    let mut people = vec![caller.account_id];
    if let Some(class_id) = new.class_id {
        people.extend(load_class_students(&app, class_id, caller.account_id).await?);
    }
    let series = SeriesState::of(&new);
    let from = new.local_start.date().max(local_date(now, &new.zone));
    let through = from.saturating_add(Span::new().weeks(SERIES_WEEKS));
    let mut occurrences = series.occurrences(from, through);
    occurrences.retain(|occurrence| occurrence.period.starts_at > now);
    let periods: Vec<_> = occurrences.iter().map(|occurrence| occurrence.period).collect();
    let taken = find_time_conflicts(&app.pool, &people, &periods).await?;
    let mut busy_until = Timestamp::MIN;
    let mut previewed = Vec::with_capacity(occurrences.len());
    for (i, occurrence) in occurrences.iter().enumerate() {
        let period = occurrence.period;
        let cause = if taken.contains(&i) {
            Some("lesson")
        } else if period.starts_at < busy_until {
            Some("series")
        } else {
            None
        };
        if cause.is_none() {
            busy_until = period.ends_at;
        }
        previewed.push(SeriesOccurrenceView {
            starts_at: period.starts_at,
            ends_at: period.ends_at,
            local_start: occurrence.local.to_string(),
            conflict: cause.map(|cause| SeriesConflictView { code: "time_conflict", cause }),
        });
    }
    // A preview changes nothing, so a repetition computes it again.
    Ok((Extension(DoNotStore), Answer(previewed)))
}
