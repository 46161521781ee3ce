//! `DELETE /slots/{id}/waitlist`: leaves the waitlist of a slot.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{Initiator, Slot, SlotCommand, WaitEnd, WaitlistCommand, WaitlistError};
use domain::{Command, Dispatch, RefusalError, SlotId};

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Leaves the waitlist of a slot.
///
/// An offered seat is released.
///
/// Refusals: 404 `waitlist_entry_not_found` if the caller is not on the waitlist.
#[utoipa::path(
    delete,
    path = "/slots/{id}/waitlist",
    tag = "waitlist",
    params(Invocation, ("id" = Uuid, Path)),
    responses((status = 204)),
)]
pub async fn leave_waitlist(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(slot_id): Path<SlotId>,
) -> Result<impl IntoResponse, Problem> {
    let slot = app.bus.load::<Slot>(slot_id).await?;
    let waitlist = slot.state.lesson().map(|lesson| lesson.waitlist.as_slice()).unwrap_or_default();
    let own = waitlist.iter().find(|waiting| waiting.student == caller.account_id);
    let entry_id = own.ok_or_else(|| WaitlistError::NotFound.refusal())?.entry_id;
    let by = Initiator::Person(caller.account_id);
    let commands = vec![
        Command::Slot(slot_id, SlotCommand::LeaveWaitlist { entry_id, cause: WaitEnd::Left }),
        Command::Waitlist(entry_id, WaitlistCommand::LeaveWaitlist { by }),
    ];
    let receipt = app.bus.dispatch_atomically(commands, invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
