//! `DELETE /notifications/{id}`: removes a notification from the caller's inbox.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::notifications::InboxCommand;
use domain::{Command, Dispatch, NotificationId};

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Removes a notification from the caller's inbox.
///
/// Refusals: 404 `notification_not_found`.
#[utoipa::path(
    delete,
    path = "/notifications/{id}",
    tag = "notifications",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub async fn dismiss_notification(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(notification_id): Path<NotificationId>,
) -> Result<impl IntoResponse, Problem> {
    let command = InboxCommand::DismissNotification { notification_id };
    let receipt = app.bus.dispatch(Command::Inbox(caller.account_id, command), invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
