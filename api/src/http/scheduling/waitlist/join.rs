//! `POST /slots/{id}/waitlist`: joins the waitlist of a full slot.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{Slot, SlotCommand, WAITLIST_OFFER_BEFORE, WaitlistCommand};
use domain::{Command, Dispatch, DispatchError, Reason, Receipt, SlotId, WaitlistEntryId};
use serde::Serialize;
use uuid::Uuid;

use crate::app::{App, AppState};
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Attempts to join while the waitlist changes concurrently.
const TRIES: usize = 8;

/// Created waitlist entry.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NewWaitlistEntry {
    /// Id of the entry; offers are answered with it.
    #[schema(value_type = Uuid)]
    id: WaitlistEntryId,
    #[schema(value_type = Uuid)]
    slot_id: SlotId,
    /// Position in the waitlist, from 1.
    position: u32,
    people_ahead: u32,
}

/// Joins the waitlist of a full slot.
///
/// Refusals: 404 `slot_not_found`; 409 `seat_free`, `already_waiting`, `already_booked`, `already_held`,
/// `own_slot`, `slot_closed`, `slot_in_past`; 409 `waitlist_closed` shortly before the start.
#[utoipa::path(
    post,
    path = "/slots/{id}/waitlist",
    tag = "waitlist",
    params(Invocation, ("id" = Uuid, Path)),
    responses((status = 201, body = NewWaitlistEntry)),
)]
pub async fn join_waitlist(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(slot_id): Path<SlotId>,
) -> Result<impl IntoResponse, Problem> {
    let entry_id = WaitlistEntryId(Uuid::new_v5(&invocation.context().command_id.uuid(), b"waitlist"));
    for _ in 0..TRIES {
        let slot = app.bus.load::<Slot>(slot_id).await?;
        let ahead = slot.state.lesson().map_or(0, |lesson| lesson.waitlist.len());
        let position = u32::try_from(ahead).unwrap_or(u32::MAX).saturating_add(1);
        check_open(&app, &slot.state)?;
        let student = caller.account_id;
        let commands = vec![
            Command::Slot(slot_id, SlotCommand::EnterWaitlist { entry_id, student, position }),
            Command::Waitlist(entry_id, WaitlistCommand::JoinWaitlist { slot_id, student, position }),
        ];
        match app.bus.dispatch_atomically(commands, invocation.context()).await {
            Ok(receipt) => {
                let position = confirm_position(&app, slot_id, entry_id, &receipt, position).await?;
                let entry = NewWaitlistEntry {
                    id: entry_id,
                    slot_id,
                    position,
                    people_ahead: position.saturating_sub(1),
                };
                return Ok((StatusCode::CREATED, LogPosition(receipt.position), Json(entry)));
            }
            Err(DispatchError::Refused(refusal)) if refusal.code == "line_moved" => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::new("busy").retry_after(Duration::from_secs(1)))
}

/// Checks that the waitlist is open: shortly before the lesson no seat can be offered.
fn check_open(app: &App, slot: &Slot) -> Result<(), Problem> {
    let Some(lesson) = slot.lesson() else { return Ok(()) };
    let closes_at = lesson.period.starts_at - WAITLIST_OFFER_BEFORE;
    let now = app.clock.now();
    if now >= closes_at && now < lesson.period.starts_at {
        let reason = Reason::rule("waitlist_closed").with("closed_at", closes_at);
        return Err(Problem::new("waitlist_closed").with_reason(reason));
    }
    Ok(())
}

/// Returns the position of the new entry; for a repeated request, its present position.
async fn confirm_position(
    app: &App,
    slot_id: SlotId,
    entry_id: WaitlistEntryId,
    receipt: &Receipt,
    assigned: u32,
) -> Result<u32, Problem> {
    if !receipt.replayed {
        return Ok(assigned);
    }
    let slot = app.bus.load::<Slot>(slot_id).await?;
    let waitlist = slot.state.lesson().map(|lesson| lesson.waitlist.as_slice()).unwrap_or_default();
    let ahead = waitlist.iter().position(|waiting| waiting.entry_id == entry_id);
    Ok(ahead.and_then(|ahead| u32::try_from(ahead + 1).ok()).unwrap_or(assigned))
}
