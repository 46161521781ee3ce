//! `POST /lesson-requests/{id}/cancel`: cancels a lesson request of the caller.

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

/// Cancels an open lesson request of the caller.
///
/// Teachers can no longer accept it.
///
/// Refusals: 404 `request_not_found`; 409 `request_taken`, `request_expired`.
#[utoipa::path(
    post,
    path = "/lesson-requests/{id}/cancel",
    tag = "lesson requests",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = LessonRequestView)),
)]
pub async fn cancel_lesson_request(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<RequestId>,
) -> Result<impl IntoResponse, Problem> {
    let command = LessonRequestCommand::CancelRequest { student: caller.account_id };
    let receipt = app.bus.dispatch(Command::Request(id, command), invocation.context()).await?;
    let view = LessonRequestView::load(&app, id, RequestViewer::Student(&caller)).await?;
    Ok((LogPosition(receipt.position), ETag(receipt.version()), Answer(view)))
}
