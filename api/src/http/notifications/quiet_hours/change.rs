//! `PUT /notification-preferences/quiet-hours`: sets one's quiet hours; null gives them up.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::notifications::InboxCommand;
use domain::{Command, Dispatch};

use super::view::QuietHoursView;
use crate::app::Shared;
use crate::http::body::AnyJson;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::problem::Problem;

/// Sets one's quiet hours; null gives them up.
#[utoipa::path(
    put,
    path = "/notification-preferences/quiet-hours",
    tag = "notifications",
    request_body = Option<QuietHoursView>,
    responses((status = 200, body = Option<QuietHoursView>)),
)]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    AnyJson(wanted): AnyJson<Option<QuietHoursView>>,
) -> Result<impl IntoResponse, Problem> {
    let hours = wanted.as_ref().map(QuietHoursView::read).transpose()?;
    let command = Command::Inbox(caller.account_id, InboxCommand::ChangeQuietHours(hours));
    let receipt = app.bus.dispatch(command, asking.context()).await?;
    let hours = hours.map(QuietHoursView::of);
    Ok((LogPosition(receipt.position), Version(receipt.version()), axum::Json(hours)))
}
