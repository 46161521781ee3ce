//! `POST /waitlist/{id}/accept`, `/decline`: the answer to an offered seat.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{
    Agent, BookedBy, HoldEnd, NewBooking, SlotCommand, WaitlistCommand, WaitlistEntry, WaitlistError,
    WaitlistStage,
};
use domain::{AccountId, BookingId, Command, Decider, Dispatch, HoldId, Refuses, SlotId, WaitlistEntryId};
use serde::Serialize;
use uuid::Uuid;

use crate::app::{App, Shared};
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::scheduling::lesson::{LessonView, changed, show};
use crate::http::scheduling::lessons::viewer;

/// A place whose offer was answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = WaitlistAnswer)]
pub struct Answered {
    #[schema(value_type = Uuid)]
    id: WaitlistEntryId,
    #[schema(value_type = Uuid)]
    slot_id: SlotId,
    /// `declined`.
    status: &'static str,
}

/// Takes the offered seat.
/// Refusals: 404 `waitlist_entry_not_found`; 409 `no_seat_offered`, `offer_expired`, `waitlist_left`,
/// `time_conflict`, `slot_closed`, `slot_in_past`.
#[utoipa::path(
    post,
    path = "/waitlist/{id}/accept",
    operation_id = "accept_waitlist_offer",
    tag = "waitlist",
    params(("id" = Uuid, Path)),
    responses(
        (status = 201, body = LessonView),
        (status = 200, body = LessonView, description = "It was accepted before"),
    ),
)]
pub async fn accept(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(entry_id): Path<WaitlistEntryId>,
) -> Result<impl IntoResponse, Problem> {
    let student = caller.account_id;
    let booking_id = BookingId(Uuid::new_v5(&entry_id.uuid(), b"booking"));
    let accept = WaitlistCommand::AcceptOffer { student, booking_id };
    let (slot_id, offered) = offer(&app, entry_id, student, &accept).await?;
    let Some(hold_id) = offered else {
        let lesson = show(&app, slot_id, viewer(&app, &caller, &asking.request)).await?;
        return Ok((Version(lesson.version()), Json(lesson)).into_response());
    };
    let booking = NewBooking {
        booking_id,
        student,
        note: None,
        booked_by: BookedBy::Waitlist,
        by: Agent::Person(student),
        hold_id: Some(hold_id),
    };
    let commands = vec![
        Command::Waitlist(entry_id, accept),
        Command::Slot(slot_id, SlotCommand::BookSeat(Box::new(booking))),
    ];
    let receipt = app.bus.dispatch_together(commands, asking.context()).await?;
    let answer = changed(&app, slot_id, viewer(&app, &caller, &asking.request), &receipt).await?;
    Ok((StatusCode::CREATED, answer).into_response())
}

/// Lets the offered seat go to the next in line, and leaves it.
/// Refusals: 404 `waitlist_entry_not_found`; 409 `no_seat_offered`, `offer_expired`, `waitlist_left`.
#[utoipa::path(
    post,
    path = "/waitlist/{id}/decline",
    operation_id = "decline_waitlist_offer",
    tag = "waitlist",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Answered)),
)]
pub async fn decline(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(entry_id): Path<WaitlistEntryId>,
) -> Result<impl IntoResponse, Problem> {
    let decline = WaitlistCommand::DeclineOffer { student: caller.account_id };
    let (slot_id, offered) = offer(&app, entry_id, caller.account_id, &decline).await?;
    let answer = Json(Answered { id: entry_id, slot_id, status: "declined" });
    let Some(hold_id) = offered else { return Ok(answer.into_response()) };
    let end = SlotCommand::EndOffer { hold_id, cause: HoldEnd::Cancelled };
    let commands = vec![Command::Waitlist(entry_id, decline), Command::Slot(slot_id, end)];
    let receipt = app.bus.dispatch_together(commands, asking.context()).await?;
    Ok((LogPosition(receipt.position), answer).into_response())
}

/// The slot, and the seat that is offered; `None` where this very answer was given before.
///
/// # Errors
/// The place is not the student's, or nothing can be answered: as the place itself says.
async fn offer(
    app: &App,
    entry_id: WaitlistEntryId,
    student: AccountId,
    answer: &WaitlistCommand,
) -> Result<(SlotId, Option<HoldId>), Problem> {
    let entry = app.bus.load::<WaitlistEntry>(entry_id).await?.state;
    entry.decide(answer, app.clock.now()).map_err(|error| error.refusal())?;
    match *entry {
        WaitlistEntry::Joined { slot_id, student: owner, stage } if owner == student => {
            let offered = match stage {
                WaitlistStage::Offered { hold_id, .. } => Some(hold_id),
                WaitlistStage::Waiting
                | WaitlistStage::Accepted
                | WaitlistStage::Declined
                | WaitlistStage::Expired
                | WaitlistStage::Left => None,
            };
            Ok((slot_id, offered))
        }
        WaitlistEntry::Joined { .. } | WaitlistEntry::Unjoined => {
            Err(WaitlistError::NotFound.refusal().into())
        }
    }
}
