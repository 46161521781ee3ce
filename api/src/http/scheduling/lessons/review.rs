//! `POST /lessons/{id}/review`: reviews a completed lesson.

use axum::extract::State;
use domain::SlotId;
use domain::scheduling::SlotCommand;
use serde::Deserialize;

use super::conduct::dispatch_and_respond;
use super::view::{LessonResponse, LessonView};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Review of a lesson.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewLessonRequest {
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    #[schema(max_length = 4000)]
    text: Option<String>,
}

/// Reviews a lesson that took place.
///
/// A student who attended may do this, once.
///
/// Refusals: 404 `slot_not_found`; 409 `lesson_not_held`, `not_attended`, `already_reviewed`;
/// 422 per field.
#[utoipa::path(
    post,
    path = "/lessons/{id}/review",
    tag = "lessons",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = ReviewLessonRequest,
    responses((status = 200, body = LessonView)),
)]
pub async fn review_lesson(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
    Json(ReviewLessonRequest { rating, text }): Json<ReviewLessonRequest>,
) -> Result<LessonResponse<LessonView>, Problem> {
    let command = SlotCommand::ReviewLesson { by: caller.account_id, rating, text };
    dispatch_and_respond(&app, &caller, &invocation, id, command).await
}
