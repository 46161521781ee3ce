//! `POST /lessons/{id}/report`: tells what was done; a later report takes the place of the earlier one.

use axum::extract::State;
use domain::SlotId;
use domain::scheduling::SlotCommand;
use serde::Deserialize;

use super::conduct::carry_out;
use super::view::{Answered, LessonView};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// What was done in the lesson.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LessonReport {
    #[schema(min_length = 1, max_length = 10000)]
    text: String,
}

/// Tells what was done; a later report takes the place of the earlier one.
/// Refusals: 404 `slot_not_found`; 409 `lesson_not_held`; 422 per field.
#[utoipa::path(
    post,
    path = "/lessons/{id}/report",
    tag = "lessons",
    params(("id" = uuid::Uuid, Path)),
    request_body = LessonReport,
    responses((status = 200, body = LessonView)),
)]
pub async fn report(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
    Json(LessonReport { text }): Json<LessonReport>,
) -> Result<Answered<LessonView>, Problem> {
    let command = SlotCommand::ReportLesson { by: caller.account_id, text };
    carry_out(&app, &caller, &invocation, id, command).await
}
