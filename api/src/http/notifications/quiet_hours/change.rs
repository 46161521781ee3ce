//! `PUT /notification-preferences/quiet-hours`: sets or removes the caller's quiet hours.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::notifications::InboxCommand;
use domain::{Command, Dispatch};

use super::view::QuietHoursView;
use crate::app::AppState;
use crate::http::body::JsonListOrNull;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::Problem;

/// Sets the caller's quiet hours; null removes them.
///
/// Refusals: 422 per field.
#[utoipa::path(
    put,
    path = "/notification-preferences/quiet-hours",
    tag = "notifications",
    request_body = Option<QuietHoursView>,
    params(Invocation),
    responses((status = 200, body = Option<QuietHoursView>)),
)]
pub async fn change_quiet_hours(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    JsonListOrNull(wanted): JsonListOrNull<Option<QuietHoursView>>,
) -> Result<impl IntoResponse, Problem> {
    let hours = wanted.as_ref().map(QuietHoursView::parse).transpose()?;
    let command = Command::Inbox(caller.account_id, InboxCommand::ChangeQuietHours(hours));
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    let hours = hours.map(QuietHoursView::from_hours);
    Ok((LogPosition(receipt.position), ETag(receipt.version()), axum::Json(hours)))
}
