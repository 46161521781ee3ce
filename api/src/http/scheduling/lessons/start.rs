//! `POST /lessons/{id}/start`: starts a lesson.

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

/// Starts a lesson.
///
/// Only its teacher may do this, from 15 minutes before its start until its end.
///
/// Refusals: 404 `slot_not_found`; 404 `booking_not_found` if no student is booked; 409 `too_early`,
/// `lesson_over`, `lesson_already_completed`, `slot_closed`.
#[utoipa::path(
    post,
    path = "/lessons/{id}/start",
    tag = "lessons",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = LessonView)),
)]
pub async fn start_lesson(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
) -> Result<LessonResponse<LessonView>, Problem> {
    let command = SlotCommand::StartLesson { by: caller.account_id };
    dispatch_and_respond(&app, &caller, &invocation, id, command).await
}
