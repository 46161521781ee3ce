//! `POST /lessons/{id}/start`, `/complete`, `/no-show`, `/report`, `/review`: a lesson is held.

use axum::extract::State;
use domain::scheduling::{NoShow, SlotCommand, SlotError};
use domain::{AccountId, BookingId, Command, Dispatch, Refuses, SlotId};
use projections::scheduling::{BookingRow, LessonRow};
use serde::Deserialize;

use super::lesson::{Answered, LessonView, changed, no_lesson, read};
use super::lessons::viewer;
use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Who did not come.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// By the teacher: whose seat stayed empty; may be absent where only one is booked. A student
    /// says by this that the teacher did not come, and names nobody.
    #[schema(value_type = Option<uuid::Uuid>)]
    booking_id: Option<BookingId>,
}

/// What was done in the lesson.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LessonReport {
    #[schema(min_length = 1, max_length = 10000)]
    text: String,
}

/// What a student thinks of the lesson.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LessonReview {
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    #[schema(max_length = 4000)]
    text: Option<String>,
}

/// Starts the lesson, from 15 minutes before its time until its end.
/// Refusals: 404 `slot_not_found`, `booking_not_found` where nobody is booked; 409 `too_early`,
/// `lesson_over`, `lesson_already_completed`, `slot_closed`.
#[utoipa::path(
    post,
    path = "/lessons/{id}/start",
    tag = "lessons",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = LessonView)),
)]
pub async fn start(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<SlotId>,
) -> Result<Answered<LessonView>, Problem> {
    let command = SlotCommand::StartLesson { by: caller.account_id };
    carry_out(&app, &caller, &asking, id, command).await
}

/// Completes the lesson, after its start, once.
/// Refusals: 404 `slot_not_found`, `booking_not_found` where nobody is booked; 409 `too_early`,
/// `lesson_already_completed`, `lesson_not_held`, `slot_closed`.
#[utoipa::path(
    post,
    path = "/lessons/{id}/complete",
    tag = "lessons",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = LessonView)),
)]
pub async fn complete(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<SlotId>,
) -> Result<Answered<LessonView>, Problem> {
    let command = SlotCommand::CompleteLesson { by: caller.account_id };
    carry_out(&app, &caller, &asking, id, command).await
}

/// Records who did not come: the teacher about a student, a student about the teacher.
/// Refusals: 404 `slot_not_found`, `booking_not_found`; 409 `too_early`, `slot_closed`,
/// `lesson_already_completed`, `already_reviewed`; 422 `/booking_id` where several are booked.
#[utoipa::path(
    post,
    path = "/lessons/{id}/no-show",
    tag = "lessons",
    params(("id" = uuid::Uuid, Path)),
    request_body = Absence,
    responses((status = 200, body = LessonView)),
)]
pub async fn no_show(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<SlotId>,
    Json(absence): Json<Absence>,
) -> Result<Answered<LessonView>, Problem> {
    let row = read(&app, id).await?.ok_or_else(no_lesson)?;
    let who = absent(&row, caller.account_id, absence.booking_id)?;
    let command = SlotCommand::RecordNoShow { by: caller.account_id, who };
    carry_out(&app, &caller, &asking, id, command).await
}

/// Tells what was done; a later report takes the place of the earlier one.
/// Refusals: 404 `slot_not_found`; 409 `lesson_not_held`; 422 per field.
#[utoipa::path(
    post,
    path = "/lessons/{id}/report",
    tag = "lessons",
    params(("id" = uuid::Uuid, Path)),
    request_body = LessonReport,
    responses((status = 200, body = LessonView)),
)]
pub async fn report(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<SlotId>,
    Json(LessonReport { text }): Json<LessonReport>,
) -> Result<Answered<LessonView>, Problem> {
    let command = SlotCommand::ReportLesson { by: caller.account_id, text };
    carry_out(&app, &caller, &asking, id, command).await
}

/// Says what one thinks of a lesson that was held, once.
/// Refusals: 404 `slot_not_found`; 409 `lesson_not_held`, `not_attended`, `already_reviewed`;
/// 422 per field.
#[utoipa::path(
    post,
    path = "/lessons/{id}/review",
    tag = "lessons",
    params(("id" = uuid::Uuid, Path)),
    request_body = LessonReview,
    responses((status = 200, body = LessonView)),
)]
pub async fn review(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<SlotId>,
    Json(LessonReview { rating, text }): Json<LessonReview>,
) -> Result<Answered<LessonView>, Problem> {
    let command = SlotCommand::ReviewLesson { by: caller.account_id, rating, text };
    carry_out(&app, &caller, &asking, id, command).await
}

async fn carry_out(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    id: SlotId,
    command: SlotCommand,
) -> Result<Answered<LessonView>, Problem> {
    let receipt = app.bus.dispatch(Command::Slot(id, command), asking.context()).await?;
    changed(app, id, viewer(app, caller, &asking.request), &receipt).await
}

fn absent(row: &LessonRow, by: AccountId, named: Option<BookingId>) -> Result<NoShow, Problem> {
    if row.slot.teacher != by {
        let is_in_it = row.bookings.iter().any(|booking| booking.student == by);
        return if is_in_it { Ok(NoShow::Teacher { teacher: row.slot.teacher }) } else { Err(no_lesson()) };
    }
    let mut seated = row.bookings.iter().filter(|booking| booking.is_seated());
    let booking: Option<&BookingRow> = match named {
        Some(id) => seated.find(|booking| booking.booking_id == id),
        None => {
            let only = seated.next();
            if seated.next().is_some() {
                return Err(Problem::field("/booking_id", "required"));
            }
            only
        }
    };
    let booking = booking.ok_or_else(|| SlotError::BookingNotFound.refusal())?;
    Ok(NoShow::Booking { booking_id: booking.booking_id, student: booking.student })
}
