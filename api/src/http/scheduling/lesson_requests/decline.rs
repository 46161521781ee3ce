//! `POST /lesson-requests/{id}/decline`: declines a lesson request that was offered to the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::scheduling::LessonRequestCommand;
use domain::{Command, Dispatch, RequestId};

use super::view::{LessonRequestView, RequestViewer};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Declines a lesson request.
///
/// The request is no longer listed for the teacher.
///
/// Refusals: 404 `request_not_found` if it was not offered to the caller; 409 `request_taken`,
/// `request_expired`, `request_cancelled`.
#[utoipa::path(
    post,
    path = "/lesson-requests/{id}/decline",
    tag = "lesson requests",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = LessonRequestView)),
)]
pub async fn decline_lesson_request(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<RequestId>,
) -> Result<impl IntoResponse, Problem> {
    let command = LessonRequestCommand::DeclineRequest { teacher: caller.account_id };
    let receipt = app.bus.dispatch(Command::Request(id, command), invocation.context()).await?;
    let view = LessonRequestView::load(&app, id, RequestViewer::Teacher(&caller)).await?;
    Ok((LogPosition(receipt.position), ETag(receipt.version()), Answer(view)))
}
