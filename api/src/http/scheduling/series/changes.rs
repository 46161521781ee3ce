//! `PATCH /series/{id}`, `DELETE /series/{id}`, `POST /series/{id}/exceptions`: from a date on, or not on it.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::TimeZoneName;
use domain::scheduling::{
    Agent, AvailabilitySeries, LessonFormat, LessonType, SeriesChange, SeriesCommand, SeriesState,
};
use domain::{Command, Dispatch, Money, SeriesId};
use serde::Deserialize;

use super::concerned::{ChangedSeries, Concerned};
use super::request::{TermChanges, local_date, local_time};
use super::view::{Series, not_found};
use crate::app::{App, Shared};
use crate::http::body::{Json, given};
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::page::{Query, parameter};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// What changes from a date on; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SeriesChanges)]
pub struct Changes {
    /// A local date, not in the past.
    #[schema(format = Date)]
    from: String,
    #[schema(max_length = 300)]
    rrule: Option<String>,
    /// From where the new rule counts: a local time without offset, on `from` or later.
    local_start: Option<String>,
    /// IANA name. Without a `local_start`, the time of day stays the same on the clocks there.
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
    /// `null` takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u16>)]
    min_participants: Option<Option<u16>>,
    goals: Option<Vec<String>>,
    grades: Option<Vec<String>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    place: Option<Option<String>>,
}

/// A date without a slot.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SeriesException)]
pub struct Exception {
    /// A local date.
    #[schema(format = Date)]
    date: String,
}

/// From when.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// The first local date without a slot; today without it.
    from: Option<String>,
}

/// Changes a series from a date on. Slots from that date on in which nobody is booked are withdrawn, and
/// those of the new rule are opened. Lessons that are booked stay as they are, and are moved or cancelled one
/// by one; but those of a class in which nobody else is booked are cancelled, without a fee, and its members
/// are in the new ones. The answer names both. Refusals: 404 `series_not_found`; 409 `series_ended`; 412;
/// 422 per field.
#[utoipa::path(
    patch,
    path = "/series/{id}",
    operation_id = "change_series",
    tag = "series",
    params(("id" = uuid::Uuid, Path)),
    request_body = Changes,
    responses((status = 200, body = ChangedSeries)),
)]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<SeriesId>,
    Json(changes): Json<Changes>,
) -> Result<impl IntoResponse, Problem> {
    let from = local_date(&changes.from).ok_or_else(|| Problem::field("/from", "malformed"))?;
    let local_start = match changes.local_start.as_deref() {
        Some(text) => Some(local_time(text).ok_or_else(|| Problem::field("/local_start", "malformed"))?),
        None => None,
    };
    let zone = changes.time_zone.as_deref().map(TimeZoneName::parse).transpose();
    let zone = zone.map_err(|error| Problem::field("/time_zone", error.code()))?;
    let series = own(&app, &caller, id).await?;
    let held = series.rule_on(from).ok_or_else(not_found)?;
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
        template: Some(terms.applied_to(held.template.clone(), caller.account_id)),
    };
    let command = SeriesCommand::ChangeSeries { by: caller.account_id, from, change: Box::new(change) };
    done(&app, &caller, &asking, (id, &series), command).await
}

/// Ends a series: no slot from a date on. Slots in which nobody is booked are withdrawn, lessons that are
/// booked stay, but for those of a class alone, which are cancelled; the answer names both. Refusals: 404 `series_not_found`; 422 for a date in the past.
#[utoipa::path(
    delete,
    path = "/series/{id}",
    operation_id = "end_series",
    tag = "series",
    params(("id" = uuid::Uuid, Path), From),
    responses((status = 200, body = ChangedSeries)),
)]
pub async fn end(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<SeriesId>,
    query: Query<From>,
) -> Result<impl IntoResponse, Problem> {
    let from =
        query.0.from.as_deref().map(|text| local_date(text).ok_or_else(|| parameter("from", "malformed")));
    let from = from.transpose()?;
    let series = own(&app, &caller, id).await?;
    let from = from.unwrap_or_else(|| series.today(app.clock.now()));
    let command = SeriesCommand::EndSeries { by: Agent::Person(caller.account_id), from };
    done(&app, &caller, &asking, (id, &series), command).await
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
    request_body = Exception,
    responses((status = 200, body = ChangedSeries)),
)]
pub async fn except(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<SeriesId>,
    Json(exception): Json<Exception>,
) -> Result<impl IntoResponse, Problem> {
    let date = local_date(&exception.date).ok_or_else(|| Problem::field("/date", "malformed"))?;
    let series = own(&app, &caller, id).await?;
    let command = SeriesCommand::AddException { by: caller.account_id, date };
    done(&app, &caller, &asking, (id, &series), command).await
}

async fn done(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    (id, before): (SeriesId, &SeriesState),
    command: SeriesCommand,
) -> Result<(LogPosition, Version, Answer<ChangedSeries>), Problem> {
    let lessons = Concerned::by(app, id, before, &command).await?;
    let receipt = app.bus.dispatch(Command::Series(id, command), asking.context()).await?;
    let series = Series::load(app, id, caller.account_id).await?;
    let version = Version(series.version());
    Ok((LogPosition(receipt.position), version, Answer(ChangedSeries { series, lessons })))
}

/// One's own series as it stands now.
async fn own(app: &App, caller: &Caller, id: SeriesId) -> Result<SeriesState, Problem> {
    let loaded = app.bus.load::<AvailabilitySeries>(id).await?;
    let series = loaded.state.state().filter(|series| series.teacher == caller.account_id);
    series.cloned().ok_or_else(not_found)
}
