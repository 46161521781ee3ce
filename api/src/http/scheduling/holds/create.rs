//! `POST /slots/{id}/holds`: holds a seat for the caller.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{Slot, SlotCommand, SlotError};
use domain::{Command, CommandId, Dispatch, HoldId, RefusalError, SlotId};
use jiff::Timestamp;
use serde::Serialize;

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::scheduling::active_teacher::require_active_teacher;

/// Hold of a seat.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Hold)]
pub struct HoldView {
    #[schema(value_type = uuid::Uuid)]
    id: HoldId,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Holds a seat of a slot for the caller.
///
/// The hold expires after ten minutes, or when the lesson begins.
///
/// Refusals: 404 `slot_not_found`; 409 `slot_taken`, `already_held`, `already_booked`, `already_waiting`,
/// `slot_in_past`, `slot_closed`, `own_slot`.
#[utoipa::path(
    post,
    path = "/slots/{id}/holds",
    tag = "scheduling",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 201, body = HoldView)),
)]
pub async fn hold_slot(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(slot): Path<SlotId>,
) -> Result<impl IntoResponse, Problem> {
    require_active_teacher(&app, slot).await?;
    let context = invocation.context();
    let id = HoldId(CommandId::derived(context.command_id.uuid(), "hold").uuid());
    let command = SlotCommand::HoldSeat { hold_id: id, student: caller.account_id };
    let receipt = app.bus.dispatch(Command::Slot(slot, command), context).await?;
    let loaded = app.bus.load::<Slot>(slot).await?;
    let lesson = loaded.state.lesson();
    let held = lesson.and_then(|lesson| lesson.holds.iter().find(|hold| hold.hold_id == id));
    // A repeated request after the end of the hold has no hold to return.
    let held = held.ok_or_else(|| SlotError::HoldExpired.refusal())?;
    let answer = Json(HoldView { id, expires_at: held.expires_at });
    Ok((StatusCode::CREATED, LogPosition(receipt.position), ETag(loaded.version), answer))
}
