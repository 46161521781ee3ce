//! `DELETE /classes/{id}/students/{student_id}`: removes a student from a class.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{ClassCommand, Initiator};
use domain::{AccountId, ClassId, Command, Dispatch};

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Removes a student from a class.
///
/// The teacher and the student may do this. The student's bookings in future lessons of the class are
/// cancelled without a fee.
///
/// Refusals: 404 `class_not_found`, `not_a_member`; 409 `class_closed`.
#[utoipa::path(
    delete,
    path = "/classes/{id}/students/{student_id}",
    tag = "classes",
    params(Invocation, ("id" = Uuid, Path), ("student_id" = Uuid, Path)),
    responses((status = 204)),
)]
pub async fn remove_student_from_class(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path((class_id, student)): Path<(ClassId, AccountId)>,
) -> Result<impl IntoResponse, Problem> {
    let by = Initiator::Person(caller.account_id);
    let command = Command::Class(class_id, ClassCommand::RemoveStudent { by, student });
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
