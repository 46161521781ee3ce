//! `DELETE /holds/{id}`: releases a hold of the caller.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{Hold, Slot, SlotCommand, SlotError};
use domain::{Command, Dispatch, EventLog, HoldId, RefusalError, SlotId};
use projections::scheduling;

use crate::app::{App, AppState};
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Releases a hold of the caller.
///
/// Refusals: 404 `hold_not_found` if the caller has no such hold, or it has ended.
#[utoipa::path(
    delete,
    path = "/holds/{id}",
    tag = "scheduling",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub async fn release_hold(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<HoldId>,
) -> Result<impl IntoResponse, Problem> {
    let slot = find_slot(&app, id).await?.ok_or_else(|| SlotError::HoldNotFound.refusal())?;
    // Before the version is compared: it would tell a stranger that the hold is there.
    let held = app.bus.load::<Slot>(slot).await?;
    let is_own = |hold: &Hold| hold.hold_id == id && hold.student == caller.account_id;
    if !held.state.lesson().is_some_and(|lesson| lesson.holds.iter().any(is_own)) {
        return Err(SlotError::HoldNotFound.refusal().into());
    }
    let command = SlotCommand::ReleaseHold { hold_id: id, by: caller.account_id };
    let receipt = app.bus.dispatch(Command::Slot(slot, command), invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}

/// Finds the slot of a hold. An unknown hold may be new, so the function waits for the read model.
async fn find_slot(app: &App, id: HoldId) -> Result<Option<SlotId>, Problem> {
    if let Some(slot) = scheduling::slot_of_hold(&app.pool, id).await? {
        return Ok(Some(slot));
    }
    let head = app.bus.log().head().await?;
    if !app.freshness.wait_for("slots", head, app.settings.min_position_wait).await {
        return Err(Problem::new("projection_behind").retry_after(std::time::Duration::from_secs(1)));
    }
    Ok(scheduling::slot_of_hold(&app.pool, id).await?)
}
