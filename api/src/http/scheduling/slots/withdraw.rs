//! `DELETE /slots/{id}`: withdraws a slot without bookings.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{Initiator, SlotCommand};
use domain::{Command, Dispatch, SlotId};

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Withdraws a slot without bookings.
///
/// Refusals: 404 `slot_not_found`; 409 `slot_booked` (cancel the lesson instead), `slot_in_past`,
/// `slot_closed`.
#[utoipa::path(
    delete,
    path = "/slots/{id}",
    tag = "scheduling",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub async fn withdraw_slot(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
) -> Result<impl IntoResponse, Problem> {
    let command = SlotCommand::WithdrawSlot { by: Initiator::Person(caller.account_id), reason: None };
    let receipt = app.bus.dispatch(Command::Slot(id, command), invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
