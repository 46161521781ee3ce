//! Students of a class without a seat in its future lessons, with the present reasons.

use domain::scheduling::{Booker, Lesson, NewBooking, Period, Slot, SlotCommand, SlotStatus};
use domain::{AccountId, BookingId, ClassId, Decider, RefusalError, SlotId};
use jiff::Timestamp;
use projections::scheduling::{class_slots, find_time_conflicts};
use serde::Serialize;
use uuid::Uuid;

use crate::app::App;
use crate::http::problem::Problem;

/// Student without a seat in a future lesson of the class. Students who had a seat before are left out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnseatedStudent {
    #[schema(value_type = Uuid)]
    lesson_id: SlotId,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = Uuid)]
    student_id: AccountId,
    /// Refusal code of a booking at present: `slot_taken`, `time_conflict` or `account_suspended`; `not_yet`
    /// if the seat will be booked soon.
    code: &'static str,
}

/// Finds the lessons without a seat for these students, in order of time. The result is computed from the
/// lessons, so that it is always up to date.
///
/// # Errors
/// [`Problem`] if the log or the database is unavailable.
pub(super) async fn find_unseated(
    app: &App,
    class_id: ClassId,
    students: &[AccountId],
) -> Result<Vec<UnseatedStudent>, Problem> {
    let now = app.clock.now();
    let ids = class_slots(&app.pool, class_id, now).await?;
    let slots = ids.iter().map(|id| app.bus.load::<Slot>(*id));
    let slots = futures::future::try_join_all(slots).await?;
    let mut found = Vec::new();
    for student in students {
        let lacks = |slot: &Slot| slot.lesson().is_some_and(|lesson| is_missing(lesson, *student, now));
        let missing: Vec<_> = ids.iter().zip(&slots).filter(|(_, slot)| lacks(&slot.state)).collect();
        if missing.is_empty() {
            continue;
        }
        let account = app.account(*student).await?;
        let is_suspended = account.state.person().is_some_and(|person| person.suspended);
        let periods: Vec<Period> =
            missing.iter().filter_map(|(_, slot)| Some(slot.state.lesson()?.period)).collect();
        let conflicts = find_time_conflicts(&app.pool, &[*student], &periods).await?;
        for (i, (lesson_id, slot)) in missing.into_iter().enumerate() {
            let refusal =
                slot.state.decide(&class_booking(*student), now).err().map(|error| error.refusal().code);
            let code = match refusal {
                _ if is_suspended => "account_suspended",
                Some(code) => code,
                None if conflicts.contains(&i) => "time_conflict",
                None => "not_yet",
            };
            let starts_at = periods[i].starts_at;
            found.push(UnseatedStudent { lesson_id: *lesson_id, starts_at, student_id: *student, code });
        }
    }
    found.sort_by_key(|one| (one.starts_at, one.lesson_id.uuid()));
    Ok(found)
}

/// Returns whether a future lesson has never had a booking of the student. A student is not booked again into
/// a lesson that they were in before.
fn is_missing(lesson: &Lesson, student: AccountId, now: Timestamp) -> bool {
    lesson.status == SlotStatus::Offered
        && lesson.period.starts_at > now
        && lesson.bookings.iter().all(|booking| booking.student != student)
}

/// Builds the command with which the class books a student.
fn class_booking(student: AccountId) -> SlotCommand {
    SlotCommand::BookSeat(Box::new(NewBooking {
        booking_id: BookingId(Uuid::nil()),
        booker: Booker::Class(student),
        note: None,
        hold_id: None,
    }))
}
