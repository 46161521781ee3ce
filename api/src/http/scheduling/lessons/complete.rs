//! `POST /lessons/{id}/complete`: completes a lesson.

use axum::extract::State;
use domain::SlotId;
use domain::scheduling::SlotCommand;

use super::conduct::dispatch_and_respond;
use super::view::{LessonResponse, LessonView};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Completes a lesson after its start.
///
/// Only its teacher may do this, once.
///
/// Refusals: 404 `slot_not_found`; 404 `booking_not_found` if no student is booked; 409 `too_early`,
/// `lesson_already_completed`, `lesson_not_held`, `slot_closed`.
#[utoipa::path(
    post,
    path = "/lessons/{id}/complete",
    tag = "lessons",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = LessonView)),
)]
pub async fn complete_lesson(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
) -> Result<LessonResponse<LessonView>, Problem> {
    let command = SlotCommand::CompleteLesson { by: caller.account_id };
    dispatch_and_respond(&app, &caller, &invocation, id, command).await
}
