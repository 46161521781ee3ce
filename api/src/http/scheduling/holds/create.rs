//! `POST /slots/{id}/holds`: keeps a seat for ten minutes, at most until the lesson begins.

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

/// A seat that is kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HoldView {
    #[schema(value_type = uuid::Uuid)]
    id: HoldId,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Keeps a seat for ten minutes, at most until the lesson begins.
/// Refusals: 404 `slot_not_found`; 409 `slot_taken`, `already_held`, `already_booked`, `already_waiting`,
/// `slot_in_past`, `slot_closed`, `own_slot`.
#[utoipa::path(
    post,
    path = "/slots/{id}/holds",
    tag = "scheduling",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 201, body = HoldView)),
)]
pub async fn hold(
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
    // Asked again after it has ended: there is nothing to give any more.
    let held = held.ok_or_else(|| SlotError::HoldExpired.refusal())?;
    let answer = Json(HoldView { id, expires_at: held.expires_at });
    Ok((StatusCode::CREATED, LogPosition(receipt.position), ETag(loaded.version), answer))
}
