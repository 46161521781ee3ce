//! Lookup of a series of the caller, and the response after its change.

use axum::Json as Answer;
use domain::scheduling::{AvailabilitySeries, SeriesCommand, SeriesState};
use domain::{Command, Dispatch, SeriesId};

use super::affected_lessons::{AffectedLessons, ChangedSeries};
use super::view::{SeriesView, series_not_found};
use crate::app::App;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::Problem;

pub(super) async fn dispatch_and_respond(
    app: &App,
    caller: &Caller,
    invocation: &Invocation,
    (id, before): (SeriesId, &SeriesState),
    command: SeriesCommand,
) -> Result<(LogPosition, ETag, Answer<ChangedSeries>), Problem> {
    let lessons = AffectedLessons::predict(app, id, before, &command).await?;
    let receipt = app.bus.dispatch(Command::Series(id, command), invocation.context()).await?;
    let series = SeriesView::load(app, id, caller.account_id).await?;
    let version = ETag(series.version());
    Ok((LogPosition(receipt.position), version, Answer(ChangedSeries { series, lessons })))
}

/// Loads a series of the caller from the log.
pub(super) async fn load_own_series(
    app: &App,
    caller: &Caller,
    id: SeriesId,
) -> Result<SeriesState, Problem> {
    let loaded = app.bus.load::<AvailabilitySeries>(id).await?;
    let series = loaded.state.state().filter(|series| series.teacher == caller.account_id);
    series.cloned().ok_or_else(series_not_found)
}
