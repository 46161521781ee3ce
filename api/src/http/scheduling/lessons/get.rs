//! `GET /lessons/{id}`: returns a lesson.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::SlotId;

use super::view::{LessonView, build_viewer, load_view};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::ETag;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Returns a lesson of the caller.
///
/// It is read from the log and is always up to date.
///
/// Refusals: 404 `slot_not_found`, also if the caller is not in the lesson.
#[utoipa::path(
    get,
    path = "/lessons/{id}",
    tag = "lessons",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = LessonView)),
)]
pub async fn get_lesson(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    Path(id): Path<SlotId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let view = load_view(&app, id, build_viewer(&app, &caller, &request)).await?;
    Ok((ETag(view.version()), Json(view)))
}
