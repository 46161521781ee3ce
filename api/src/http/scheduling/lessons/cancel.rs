//! `POST /lessons/{id}/cancel`: cancels a booking or a lesson before its start.

use axum::extract::State;
use domain::scheduling::{Initiator, SlotCommand, SlotError};
use domain::{AccountId, BookingId, Command, Dispatch, Money, RefusalError, SlotId};
use projections::scheduling::{BookingRow, LessonRow};
use serde::{Deserialize, Serialize};

use super::view::build_viewer;
use super::view::{LessonResponse, LessonView, lesson_not_found, load_lesson, load_row_and_view};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Cancellation of a booking or a lesson.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelLessonRequest {
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// Booking to cancel instead of the whole lesson; for the teacher.
    #[schema(value_type = Option<uuid::Uuid>)]
    booking_id: Option<BookingId>,
}

/// Lesson after a cancellation, with the fee.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CancelledLesson {
    #[serde(flatten)]
    lesson: LessonView,
    /// `true` if the free cancellation of the booking's policy had ended.
    late: bool,
    /// Fee of the student as `{amount, currency}`; zero if the teacher cancels.
    #[schema(value_type = Object)]
    fee: Money,
}

/// Cancels a booking or a lesson.
///
/// A student cancels their own booking. The teacher cancels one booking or the whole lesson.
///
/// Refusals: 404 `slot_not_found`, `booking_not_found`; 409 `slot_in_past`, `slot_closed`.
#[utoipa::path(
    post,
    path = "/lessons/{id}/cancel",
    tag = "lessons",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = CancelLessonRequest,
    responses((status = 200, body = CancelledLesson)),
)]
pub async fn cancel_lesson(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
    Json(request): Json<CancelLessonRequest>,
) -> Result<LessonResponse<CancelledLesson>, Problem> {
    let row = load_lesson(&app, id).await?.ok_or_else(lesson_not_found)?;
    let booking = select_booking(&row, caller.account_id, request.booking_id)?;
    let by = Initiator::Person(caller.account_id);
    let command = match booking {
        Some(booking_id) => SlotCommand::CancelBooking { booking_id, by, reason: request.reason },
        None => SlotCommand::CancelLesson { by, reason: request.reason },
    };
    let receipt = app.bus.dispatch(Command::Slot(id, command), invocation.context()).await?;
    let (after, lesson) =
        load_row_and_view(&app, id, build_viewer(&app, &caller, &invocation.request)).await?;
    let own = booking.and_then(|id| after.bookings.iter().find(|row| row.booking_id == id));
    let version = ETag(lesson.version());
    let answer = CancelledLesson {
        lesson,
        late: own.and_then(|row| row.late).unwrap_or(false),
        fee: own.and_then(BookingRow::fee).unwrap_or(Money { amount: 0, ..after.slot.money() }),
    };
    Ok((LogPosition(receipt.position), version, axum::Json(answer)))
}

/// Selects the booking to cancel; `None` is the whole lesson, for its teacher. For a student it is their
/// seated booking, or else the last cancelled one, so that a repetition changes nothing.
fn select_booking(
    row: &LessonRow,
    person: AccountId,
    named: Option<BookingId>,
) -> Result<Option<BookingId>, Problem> {
    if row.slot.teacher == person {
        return Ok(named);
    }
    let own: Vec<&BookingRow> = row.bookings.iter().filter(|booking| booking.student == person).collect();
    if own.is_empty() {
        return Err(lesson_not_found());
    }
    match named {
        Some(id) if own.iter().any(|booking| booking.booking_id == id) => Ok(named),
        Some(_) => Err(SlotError::BookingNotFound.refusal().into()),
        None => {
            let booking = own.iter().find(|booking| booking.is_seated()).or(own.last());
            Ok(booking.map(|booking| booking.booking_id))
        }
    }
}
