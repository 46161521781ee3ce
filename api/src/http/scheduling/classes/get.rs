//! `GET /classes/{id}`: a class, for its teacher and its students.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::ClassId;

use super::view::{ClassView, Reader};
use crate::app::Shared;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{MinPosition, Version};
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// A class, for its teacher and its students. Its teacher is told who has no seat in which coming lesson,
/// and why.
/// Refusals: 404 `class_not_found`.
#[utoipa::path(
    get,
    path = "/classes/{id}",
    operation_id = "class",
    tag = "classes",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ClassView)),
)]
pub async fn class(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    fresh: MinPosition,
    Path(class_id): Path<ClassId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.reached(&app, &["slots"]).await?;
    let class = ClassView::load(&app, class_id, Reader::of(&caller, &asking)).await?;
    let class = class.with_unseated(&app).await?;
    Ok((Version(class.version()), Answer(class)))
}
