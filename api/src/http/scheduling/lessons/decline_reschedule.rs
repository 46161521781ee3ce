//! `POST /lessons/{id}/reschedule/decline`: declines the open proposal of another time.

use axum::extract::State;
use domain::scheduling::SlotCommand;
use domain::{Command, Dispatch, SlotId};

use super::view::{LessonResponse, LessonView, build_viewer, respond_with_lesson};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Declines the open proposal of another time.
///
/// The proposal ends and the lesson keeps its time.
///
/// Refusals: 404 `slot_not_found`; 409 `proposal_not_found`, `own_proposal`, `proposal_expired`.
#[utoipa::path(
    post,
    path = "/lessons/{id}/reschedule/decline",
    tag = "lessons",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = LessonView)),
)]
pub async fn decline_reschedule(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
) -> Result<LessonResponse<LessonView>, Problem> {
    let command = SlotCommand::DeclineReschedule { by: caller.account_id };
    let receipt = app.bus.dispatch(Command::Slot(id, command), invocation.context()).await?;
    respond_with_lesson(&app, id, build_viewer(&app, &caller, &invocation.request), &receipt).await
}
