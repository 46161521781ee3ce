//! `POST /lessons/{id}/report`: writes the report of a lesson.

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

/// Report of a lesson.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportLessonRequest {
    #[schema(min_length = 1, max_length = 10000)]
    text: String,
}

/// Writes the report of a lesson.
///
/// Only its teacher may do this. A later report replaces the earlier one.
///
/// Refusals: 404 `slot_not_found`; 409 `lesson_not_held`; 422 per field.
#[utoipa::path(
    post,
    path = "/lessons/{id}/report",
    tag = "lessons",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = ReportLessonRequest,
    responses((status = 200, body = LessonView)),
)]
pub async fn write_lesson_report(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
    Json(ReportLessonRequest { text }): Json<ReportLessonRequest>,
) -> Result<LessonResponse<LessonView>, Problem> {
    let command = SlotCommand::ReportLesson { by: caller.account_id, text };
    dispatch_and_respond(&app, &caller, &invocation, id, command).await
}
