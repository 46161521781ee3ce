//! `DELETE /classes/{id}`: closes a class.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{ClassCommand, Initiator};
use domain::{ClassId, Command, Dispatch};

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Closes a class permanently.
///
/// The bookings of its students in its future lessons are cancelled without a fee.
///
/// Refusals: 404 `class_not_found`; 412 `stale_version`.
#[utoipa::path(
    delete,
    path = "/classes/{id}",
    tag = "classes",
    params(Invocation, ("id" = Uuid, Path)),
    responses((status = 204)),
)]
pub async fn close_class(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(class_id): Path<ClassId>,
) -> Result<impl IntoResponse, Problem> {
    let by = Initiator::Person(caller.account_id);
    let command = Command::Class(class_id, ClassCommand::CloseClass { by });
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
