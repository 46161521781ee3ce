//! `POST /lessons/{id}/no-show`: records that a student or the teacher did not come.

use axum::extract::State;
use domain::scheduling::{NoShow, SlotCommand, SlotError};
use domain::{AccountId, BookingId, RefusalError, SlotId};
use projections::scheduling::{BookingRow, LessonRow};
use serde::Deserialize;

use super::conduct::dispatch_and_respond;
use super::view::{LessonResponse, LessonView, lesson_not_found, load_lesson};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Absent person of a lesson.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoShowRequest {
    /// Booking of the absent student, for the teacher; optional if only one student is booked. A student does
    /// not set it: the absent person is the teacher.
    #[schema(value_type = Option<uuid::Uuid>)]
    booking_id: Option<BookingId>,
}

/// Records that a student or the teacher did not come.
///
/// The teacher records an absent student; a student records the absent teacher.
///
/// Refusals: 404 `slot_not_found`, `booking_not_found`; 409 `too_early`, `slot_closed`,
/// `lesson_already_completed`, `already_reviewed`; 422 `required` at `/booking_id` if several are booked.
#[utoipa::path(
    post,
    path = "/lessons/{id}/no-show",
    tag = "lessons",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = NoShowRequest,
    responses((status = 200, body = LessonView)),
)]
pub async fn record_no_show(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
    Json(absence): Json<NoShowRequest>,
) -> Result<LessonResponse<LessonView>, Problem> {
    let row = load_lesson(&app, id).await?.ok_or_else(lesson_not_found)?;
    let who = select_absent_party(&row, caller.account_id, absence.booking_id)?;
    let command = SlotCommand::RecordNoShow { by: caller.account_id, who };
    dispatch_and_respond(&app, &caller, &invocation, id, command).await
}

fn select_absent_party(row: &LessonRow, by: AccountId, named: Option<BookingId>) -> Result<NoShow, Problem> {
    if row.slot.teacher != by {
        let is_in_it = row.bookings.iter().any(|booking| booking.student == by);
        return if is_in_it {
            Ok(NoShow::Teacher { teacher: row.slot.teacher })
        } else {
            Err(lesson_not_found())
        };
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
