//! `POST /slots/{id}/bookings`: books a seat of a slot.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::scheduling::{Booker, NewBooking, SlotCommand, SlotError};
use domain::{
    AccountId, BookingId, Command, CommandId, Dispatch, HoldId, Reason, RefusalError, Role, SlotId,
};
use projections::scheduling;
use serde::Deserialize;

use crate::app::{App, AppState};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::scheduling::active_teacher::require_active_teacher;
use crate::http::scheduling::lessons::view::{LessonView, build_viewer, respond_with_lesson};

/// Seat to book. Time and price come from the slot.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookSeatRequest {
    /// Note for the teacher; only for students.
    #[schema(max_length = 1000)]
    note: Option<String>,
    /// Hold of the student. Without it the student's hold or any free seat is used. Only for students.
    #[schema(value_type = Option<uuid::Uuid>)]
    hold_id: Option<HoldId>,
    /// Student to be booked; only for the teacher of the slot.
    #[schema(value_type = Option<uuid::Uuid>)]
    student_id: Option<AccountId>,
}

/// Books a seat of a slot.
///
/// A student books for themselves. The teacher of the slot books for a student whom they teach.
///
/// Refusals: 403 `not_your_student`; 404 `slot_not_found`, `hold_not_found`; 409 `slot_taken`,
/// `time_conflict`, `slot_in_past`, `slot_closed`, `already_booked`, `already_waiting`, `hold_expired`,
/// `own_slot`; 422 per field.
#[utoipa::path(
    post,
    path = "/slots/{id}/bookings",
    tag = "scheduling",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = BookSeatRequest,
    responses((status = 201, body = LessonView)),
)]
pub async fn book_slot(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
    Json(seat): Json<BookSeatRequest>,
) -> Result<impl IntoResponse, Problem> {
    validate_booker(&caller, &seat)?;
    let teacher = require_active_teacher(&app, id).await?;
    if let Some(student) = seat.student_id {
        require_own_student(&app, &caller, teacher, student).await?;
    }
    let context = invocation.context();
    let booker = match seat.student_id {
        Some(student) => Booker::Teacher { teacher: caller.account_id, student },
        None => Booker::Student(caller.account_id),
    };
    let booking_id = BookingId(CommandId::derived(context.command_id.uuid(), "booking").uuid());
    let booking = NewBooking { booking_id, booker, note: seat.note, hold_id: seat.hold_id };
    let command = Command::Slot(id, SlotCommand::BookSeat(Box::new(booking)));
    let receipt = app.bus.dispatch(command, context).await?;
    let answer =
        respond_with_lesson(&app, id, build_viewer(&app, &caller, &invocation.request), &receipt).await?;
    Ok((StatusCode::CREATED, answer))
}

/// Checks the role of the caller: a request that names a student is a teacher's, any other a student's.
fn validate_booker(caller: &Caller, seat: &BookSeatRequest) -> Result<(), Problem> {
    match seat.student_id {
        Some(_) if !caller.has_role(Role::Teacher) => Err(Problem::field("/student_id", "not_for_role")),
        Some(_) if seat.hold_id.is_some() => Err(Problem::field("/hold_id", "not_for_role")),
        Some(_) if seat.note.is_some() => Err(Problem::field("/note", "not_for_role")),
        None if !caller.has_role(Role::Student) => Err(Problem::field("/student_id", "required")),
        Some(_) | None => Ok(()),
    }
}

/// Checks that the caller is the teacher of the slot and teaches this active student.
async fn require_own_student(
    app: &App,
    caller: &Caller,
    teacher: AccountId,
    student: AccountId,
) -> Result<(), Problem> {
    if teacher != caller.account_id {
        return Err(SlotError::NotFound.refusal().into());
    }
    let account = app.account(student).await?;
    let is_there = account.state.person().is_some_and(|person| !person.suspended);
    if is_there && scheduling::teaches(&app.pool, teacher, student).await? {
        return Ok(());
    }
    let reason = Reason::rule("no_lesson_together").with("student_id", student);
    Err(Problem::new("not_your_student").with_reason(reason))
}
