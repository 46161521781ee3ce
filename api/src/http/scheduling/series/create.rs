//! `POST /series`: defines a series.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::SeriesCommand;
use domain::{Command, Dispatch, SeriesId};
use uuid::Uuid;

use super::class_members::load_class_students;
use super::request::DefineSeriesRequest;
use super::view::SeriesView;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::Problem;

/// Defines a series of the caller.
///
/// Its slots are opened soon for eight weeks ahead, and then week by week. A date with a conflict gets no
/// slot; it is tried again every week. `POST /series/preview` shows the slots and conflicts in advance.
///
/// A local time in a clock gap moves forward by the length of the gap (02:30 becomes 03:30). A local time
/// that occurs twice is the first of the two.
///
/// Refusals: 422 per field.
#[utoipa::path(
    post,
    path = "/series",
    tag = "series",
    request_body = DefineSeriesRequest,
    params(Invocation),
    responses((status = 201, body = SeriesView)),
)]
pub async fn define_series(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(new): Json<DefineSeriesRequest>,
) -> Result<impl IntoResponse, Problem> {
    let series_id = SeriesId(Uuid::new_v5(&invocation.context().command_id.uuid(), b"series"));
    let new = new.into_new_series(&caller)?;
    if let Some(class_id) = new.class_id {
        load_class_students(&app, class_id, caller.account_id).await?;
    }
    let command = Command::Series(series_id, SeriesCommand::DefineSeries(Box::new(new)));
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    let series = SeriesView::load(&app, series_id, caller.account_id).await?;
    let version = ETag(series.version());
    Ok((StatusCode::CREATED, LogPosition(receipt.position), version, Answer(series)))
}
