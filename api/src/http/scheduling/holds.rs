//! `POST /slots/{id}/holds`, `DELETE /holds/{id}`: a seat that is kept while somebody makes up their mind.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{Slot, SlotCommand, SlotError};
use domain::{Command, CommandId, Dispatch, EventLog, HoldId, Refuses, SlotId};
use jiff::Timestamp;
use projections::scheduling;
use serde::Serialize;

use super::bookings::check_teacher_is_there;
use crate::app::{App, Shared};
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// A seat that is kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Hold {
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
    responses((status = 201, body = Hold)),
)]
pub async fn hold(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(slot): Path<SlotId>,
) -> Result<impl IntoResponse, Problem> {
    check_teacher_is_there(&app, slot).await?;
    let context = asking.context();
    let id = HoldId(CommandId::derived(context.command_id.uuid(), "hold").uuid());
    let command = SlotCommand::HoldSeat { hold_id: id, student: caller.account_id };
    let receipt = app.bus.dispatch(Command::Slot(slot, command), context).await?;
    let loaded = app.bus.load::<Slot>(slot).await?;
    let lesson = loaded.state.lesson();
    let held = lesson.and_then(|lesson| lesson.holds.iter().find(|hold| hold.hold_id == id));
    // Asked again after it has ended: there is nothing to give any more.
    let held = held.ok_or_else(|| SlotError::HoldExpired.refusal())?;
    let answer = Json(Hold { id, expires_at: held.expires_at });
    Ok((StatusCode::CREATED, LogPosition(receipt.position), Version(loaded.version), answer))
}

/// Gives a kept seat back. 404 `hold_not_found` for what is none of one's own, or has ended.
#[utoipa::path(
    delete,
    path = "/holds/{id}",
    tag = "scheduling",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub async fn release(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<HoldId>,
) -> Result<impl IntoResponse, Problem> {
    let slot = find(&app, id).await?.ok_or_else(|| SlotError::HoldNotFound.refusal())?;
    let command = SlotCommand::ReleaseHold { hold_id: id, by: caller.account_id };
    let receipt = app.bus.dispatch(Command::Slot(slot, command), asking.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}

/// The slot of a hold. What is not there yet may be on its way into the read model.
async fn find(app: &App, id: HoldId) -> Result<Option<SlotId>, Problem> {
    if let Some(slot) = scheduling::slot_of_hold(&app.pool, id).await? {
        return Ok(Some(slot));
    }
    let head = app.bus.log().head().await?;
    if !app.freshness.reached("slots", head, app.settings.min_position_wait).await {
        return Err(Problem::new("projection_behind").retry_after(std::time::Duration::from_secs(1)));
    }
    Ok(scheduling::slot_of_hold(&app.pool, id).await?)
}
