//! `POST /waitlist/{id}/decline`: declines the offered seat and leaves the waitlist.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::scheduling::{HoldEnd, SlotCommand, WaitlistCommand};
use domain::{Command, Dispatch, SlotId, WaitlistEntryId};
use serde::Serialize;

use super::offer::find_offer;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Waitlist entry after the answer to its offer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WaitlistAnswer {
    #[schema(value_type = Uuid)]
    id: WaitlistEntryId,
    #[schema(value_type = Uuid)]
    slot_id: SlotId,
    /// `declined`.
    status: &'static str,
}

/// Declines the offered seat and leaves the waitlist.
///
/// The seat is offered to the next student.
///
/// Refusals: 404 `waitlist_entry_not_found`; 409 `no_seat_offered`, `offer_expired`, `waitlist_left`.
#[utoipa::path(
    post,
    path = "/waitlist/{id}/decline",
    tag = "waitlist",
    params(Invocation, ("id" = Uuid, Path)),
    responses((status = 200, body = WaitlistAnswer)),
)]
pub async fn decline_waitlist_offer(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(entry_id): Path<WaitlistEntryId>,
) -> Result<impl IntoResponse, Problem> {
    let decline = WaitlistCommand::DeclineOffer { student: caller.account_id };
    let (slot_id, offered) = find_offer(&app, entry_id, caller.account_id, &decline).await?;
    let answer = Json(WaitlistAnswer { id: entry_id, slot_id, status: "declined" });
    let Some(hold_id) = offered else { return Ok(answer.into_response()) };
    let end = SlotCommand::EndOffer { hold_id, cause: HoldEnd::Cancelled };
    let commands = vec![Command::Waitlist(entry_id, decline), Command::Slot(slot_id, end)];
    let receipt = app.bus.dispatch_atomically(commands, invocation.context()).await?;
    Ok((LogPosition(receipt.position), answer).into_response())
}
