//! `POST /waitlist/{id}/accept`: accepts the offered seat.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{Booker, NewBooking, SlotCommand, WaitlistCommand};
use domain::{BookingId, Command, Dispatch, WaitlistEntryId};
use uuid::Uuid;

use super::offer::find_offer;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::ETag;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::{LessonView, build_viewer, load_view, respond_with_lesson};

/// Accepts the offered seat.
///
/// Refusals: 404 `waitlist_entry_not_found`; 409 `no_seat_offered`, `offer_expired`, `waitlist_left`,
/// `time_conflict`, `slot_closed`, `slot_in_past`.
#[utoipa::path(
    post,
    path = "/waitlist/{id}/accept",
    tag = "waitlist",
    params(Invocation, ("id" = Uuid, Path)),
    responses(
        (status = 201, body = LessonView),
        (status = 200, body = LessonView, description = "It was accepted before"),
    ),
)]
pub async fn accept_waitlist_offer(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(entry_id): Path<WaitlistEntryId>,
) -> Result<impl IntoResponse, Problem> {
    let student = caller.account_id;
    let booking_id = BookingId(Uuid::new_v5(&entry_id.uuid(), b"booking"));
    let accept = WaitlistCommand::AcceptOffer { student, booking_id };
    let (slot_id, offered) = find_offer(&app, entry_id, student, &accept).await?;
    let Some(hold_id) = offered else {
        let lesson = load_view(&app, slot_id, build_viewer(&app, &caller, &invocation.request)).await?;
        return Ok((ETag(lesson.version()), Json(lesson)).into_response());
    };
    let booking =
        NewBooking { booking_id, booker: Booker::Waitlist(student), note: None, hold_id: Some(hold_id) };
    let commands = vec![
        Command::Waitlist(entry_id, accept),
        Command::Slot(slot_id, SlotCommand::BookSeat(Box::new(booking))),
    ];
    let receipt = app.bus.dispatch_atomically(commands, invocation.context()).await?;
    let answer =
        respond_with_lesson(&app, slot_id, build_viewer(&app, &caller, &invocation.request), &receipt)
            .await?;
    Ok((StatusCode::CREATED, answer).into_response())
}
