//! `GET /classes/{id}`: returns a class to its teacher or a student of it.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::ClassId;

use super::view::{ClassView, ClassViewer};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, MinPosition};
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Returns a class to its teacher or students.
///
/// The teacher also gets the students without a seat in a future lesson, with the reason.
///
/// Refusals: 404 `class_not_found`, also for all other people.
#[utoipa::path(
    get,
    path = "/classes/{id}",
    tag = "classes",
    params(MinPosition, ("id" = Uuid, Path)),
    responses((status = 200, body = ClassView)),
)]
pub async fn get_class(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    fresh: MinPosition,
    Path(class_id): Path<ClassId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, &["slots"]).await?;
    let class = ClassView::load(&app, class_id, ClassViewer::from_caller(&caller, &invocation)).await?;
    let class = class.with_unseated(&app).await?;
    Ok((ETag(class.version()), Answer(class)))
}
