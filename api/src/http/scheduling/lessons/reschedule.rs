//! `POST /lessons/{id}/reschedule`: proposes another time, or moves the caller's booking to another slot.

use axum::extract::State;
use domain::scheduling::{MovedBooking, Slot, SlotCommand};
use domain::{AccountId, Command, CommandId, Dispatch, Personal, ProposalId, SlotId};
use jiff::Timestamp;
use serde::Deserialize;

use super::view::{LessonResponse, LessonView, build_viewer, lesson_not_found, respond_with_lesson};
use crate::app::{App, AppState};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::scheduling::active_teacher::require_active_teacher;

/// New time or new slot: exactly one of the fields.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleLessonRequest {
    /// Proposed start; the other party accepts or declines it.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default, deserialize_with = "crate::http::instant::deserialize_option")]
    starts_at: Option<Timestamp>,
    /// Open slot of the same teacher, to which the student's booking moves at once; only for students.
    #[schema(value_type = Option<uuid::Uuid>)]
    slot_id: Option<SlotId>,
}

/// Proposes another time, or moves a booking.
///
/// With `starts_at` the caller proposes another time. With `slot_id` a student moves their booking to another
/// slot; the response is the lesson in that slot.
///
/// Refusals: 404 `slot_not_found`, `booking_not_found`; 409 `already_proposed`, `not_alone`, `late_move`,
/// `another_teacher`, `slot_taken`, `time_conflict`, `slot_in_past`, `slot_closed`, `proposal_expired`;
/// 422 per field.
#[utoipa::path(
    post,
    path = "/lessons/{id}/reschedule",
    tag = "lessons",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = RescheduleLessonRequest,
    responses((status = 200, body = LessonView)),
)]
pub async fn reschedule_lesson(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<SlotId>,
    Json(request): Json<RescheduleLessonRequest>,
) -> Result<LessonResponse<LessonView>, Problem> {
    let viewer = build_viewer(&app, &caller, &invocation.request);
    let context = invocation.context();
    match (request.starts_at, request.slot_id) {
        (Some(starts_at), None) => {
            let proposal_id = ProposalId(CommandId::derived(context.command_id.uuid(), "proposal").uuid());
            let by = caller.account_id;
            let command = SlotCommand::ProposeReschedule { proposal_id, by, starts_at };
            let receipt = app.bus.dispatch(Command::Slot(id, command), context).await?;
            respond_with_lesson(&app, id, viewer, &receipt).await
        }
        (None, Some(to)) => {
            let commands = build_move_commands(&app, caller.account_id, id, to).await?;
            let receipt = app.bus.dispatch_atomically(commands, context).await?;
            respond_with_lesson(&app, to, viewer, &receipt).await
        }
        (Some(_), Some(_)) => Err(Problem::field("/slot_id", "set_with_starts_at")),
        (None, None) => Err(Problem::field("/starts_at", "required")),
    }
}

/// Builds the commands that move a booking from one slot to another in one append. The booking keeps its id,
/// note and policy.
async fn build_move_commands(
    app: &App,
    student: AccountId,
    from: SlotId,
    to: SlotId,
) -> Result<Vec<Command>, Problem> {
    if from == to {
        return Err(Problem::field("/slot_id", "unchanged"));
    }
    let loaded = app.bus.load::<Slot>(from).await?;
    let lesson = loaded.state.lesson().ok_or_else(lesson_not_found)?;
    if lesson.teacher == student {
        return Err(Problem::field("/slot_id", "not_for_role"));
    }
    let booking =
        lesson.bookings.iter().rfind(|booking| booking.student == student).ok_or_else(lesson_not_found)?;
    let seated = lesson.booking_of(student).unwrap_or(booking);
    require_active_teacher(app, to).await?;
    let new = MovedBooking {
        booking_id: seated.booking_id,
        student,
        note: seated.note.clone().and_then(Personal::into_known),
        booked_by: seated.booked_by,
    };
    let (out, into) = (
        SlotCommand::MoveOut { booking_id: seated.booking_id, by: student, to_slot: to },
        SlotCommand::MoveIn {
            from_slot: from,
            teacher: lesson.teacher,
            booking: Box::new(new),
            policy: seated.policy,
        },
    );
    Ok(vec![Command::Slot(from, out), Command::Slot(to, into)])
}
