//! `GET /lessons/{id}/attendance`: returns who was in a lesson room, when and how long.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use domain::scheduling::BookingStatus;
use domain::video::{LeaveCause, ParticipantRole};
use domain::{AccountId, BookingId, Role, SlotId};
use jiff::{SignedDuration, Timestamp};
use projections::scheduling::{BookingRow, LessonRow};
use projections::video::{RoomAttendance, StayRow, load_attendance};
use serde::Serialize;

use super::view::{Names, lesson_not_found, load_lesson, load_names_of};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Pause between two stays of a person up to which they show as one stay with a reconnection.
const RECONNECTION: SignedDuration = SignedDuration::from_mins(2);

/// Attendance of a lesson.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Attendance)]
pub struct AttendanceView {
    #[schema(value_type = uuid::Uuid)]
    lesson_id: SlotId,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    /// The teacher, the booked students, and other people who were in the lesson room.
    people: Vec<AttendeeView>,
}

/// Person of a lesson and their time in its lesson room.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Attendee)]
pub struct AttendeeView {
    #[schema(value_type = uuid::Uuid)]
    account_id: AccountId,
    name: Option<String>,
    /// `teacher`, `student` or `observer`.
    #[schema(value_type = String)]
    role: ParticipantRole,
    #[schema(value_type = Option<uuid::Uuid>)]
    booking_id: Option<BookingId>,
    /// Time in the lesson room in seconds, without pauses; a present person counts up to now.
    seconds: i64,
    /// `true` while the person is in the lesson room.
    present: bool,
    /// Stays in order; a reconnection within two minutes belongs to the same stay.
    stays: Vec<StayView>,
    /// `true` if the student was not in the lesson room and the teacher has not decided yet. The teacher confirms by
    /// `POST /lessons/{id}/no-show`.
    no_show_proposed: bool,
    /// `true` if the teacher has recorded that the student did not come.
    no_show: bool,
}

/// Stay in the lesson room.
#[derive(Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = Stay)]
pub struct StayView {
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
    /// `null` while the stay goes on.
    #[schema(value_type = Option<String>, format = DateTime)]
    left_at: Option<Timestamp>,
    /// Time in the lesson room in seconds, without pauses.
    seconds: i64,
    /// Cause of the end, such as `left`, `lost`, `removed` or `ended`.
    #[schema(value_type = Option<String>)]
    cause: Option<LeaveCause>,
    reconnections: u32,
}

/// Returns who was in a lesson room.
///
/// For the teacher of the lesson, support agents and admins.
///
/// Refusals: 404 `slot_not_found`, also for another teacher.
#[utoipa::path(
    get,
    path = "/lessons/{id}/attendance",
    tag = "lessons",
    params(MinPosition, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = AttendanceView)),
)]
pub async fn get_lesson_attendance(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Path(id): Path<SlotId>,
    _: Query<NoFilter>,
) -> Result<Json<AttendanceView>, Problem> {
    let row = load_lesson(&app, id).await?.ok_or_else(lesson_not_found)?;
    let is_staff = caller.has_role(Role::Support) || caller.has_role(Role::Admin);
    if row.slot.teacher != caller.account_id && !is_staff {
        return Err(lesson_not_found());
    }
    fresh.wait_for(&app, &["attendance"]).await?;
    let attendance = load_attendance(&app.pool, id).await?;
    let people = people_of(&row, &attendance);
    let names = load_names_of(&app, people.keys().copied()).await?;
    let now = app.clock.now();
    let attendees = people.into_iter().map(|(person, role)| {
        let name = shown_name(&names, person, &request);
        attendee(&row, &attendance, (person, role), name, now)
    });
    let mut people: Vec<_> = attendees.collect();
    people.sort_by_key(|attendee| (attendee.role, attendee.stays.first().map(|stay| stay.joined_at)));
    let (starts_at, ends_at) = (row.slot.starts_at, row.slot.ends_at);
    Ok(Json(AttendanceView { lesson_id: id, starts_at, ends_at, people }))
}

/// Returns the people of a lesson with their roles in its lesson room.
fn people_of(row: &LessonRow, attendance: &RoomAttendance) -> BTreeMap<AccountId, ParticipantRole> {
    let stayed = attendance.stays.iter().map(|stay| (stay.participant, stay.role));
    let seated = row.bookings.iter().filter(|booking| booking.is_seated());
    let students = seated.map(|booking| (booking.student, ParticipantRole::Student));
    stayed.chain(students).chain([(row.slot.teacher, ParticipantRole::Teacher)]).collect()
}

fn shown_name(names: &Names, person: AccountId, request: &RequestContext) -> Option<String> {
    let known = names.get(&person)?;
    Some(known.clone().unwrap_or_else(|| projections::accounts::pseudonym(person, request.language)))
}

fn attendee(
    row: &LessonRow,
    attendance: &RoomAttendance,
    (person, role): (AccountId, ParticipantRole),
    name: Option<String>,
    now: Timestamp,
) -> AttendeeView {
    let of_person = |booking: &&BookingRow| booking.student == person && booking.is_seated();
    let booking = row.bookings.iter().find(of_person);
    let stays = merge_stays(attendance.stays.iter().filter(|stay| stay.participant == person), now);
    let is_proposed = |booking: &BookingRow| {
        booking.status == BookingStatus::Booked && attendance.proposed.contains(&booking.booking_id)
    };
    AttendeeView {
        account_id: person,
        name,
        role,
        booking_id: booking.map(|booking| booking.booking_id),
        seconds: stays.iter().map(|stay| stay.seconds).sum(),
        present: stays.last().is_some_and(|stay| stay.left_at.is_none()),
        no_show_proposed: stays.is_empty() && booking.is_some_and(is_proposed),
        no_show: booking.is_some_and(|booking| booking.status == BookingStatus::NoShow),
        stays,
    }
}

/// Merges the stays of one person, in the order of their joins. Time counts once, also if two connections
/// overlap.
fn merge_stays<'a>(rows: impl Iterator<Item = &'a StayRow>, now: Timestamp) -> Vec<StayView> {
    let mut merged: Vec<(StayView, SignedDuration)> = Vec::new();
    for row in rows {
        let until = row.left_at.unwrap_or(now).max(row.joined_at);
        match merged.last_mut() {
            Some((stay, time)) if row.joined_at <= end_of(stay, now) + RECONNECTION => {
                let counted = end_of(stay, now);
                *time += until.duration_since(counted.max(row.joined_at)).max(SignedDuration::ZERO);
                stay.reconnections += 1;
                if until >= counted {
                    (stay.left_at, stay.cause) = (row.left_at, row.cause);
                }
            }
            _ => {
                let (joined_at, left_at, cause) = (row.joined_at, row.left_at, row.cause);
                let stay = StayView { joined_at, left_at, seconds: 0, cause, reconnections: 0 };
                merged.push((stay, until.duration_since(row.joined_at)));
            }
        }
    }
    let with_seconds = |(stay, time): (StayView, SignedDuration)| {
        // Rounded to the nearest, as the video service does.
        let seconds = (time + SignedDuration::from_millis(500)).as_secs();
        StayView { seconds, ..stay }
    };
    merged.into_iter().map(with_seconds).collect()
}

fn end_of(stay: &StayView, now: Timestamp) -> Timestamp {
    stay.left_at.unwrap_or(now).max(stay.joined_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn stay(from: i64, until: Option<i64>, cause: LeaveCause) -> StayRow {
        StayRow {
            participant: AccountId(uuid::Uuid::from_u128(1)),
            role: ParticipantRole::Student,
            joined_at: at(from),
            left_at: until.map(at),
            cause: until.map(|_| cause),
        }
    }

    #[test]
    fn a_reconnection_belongs_to_the_same_stay_and_its_pause_does_not_count() {
        let rows = [stay(0, Some(100), LeaveCause::Lost), stay(130, Some(200), LeaveCause::Left)];
        let merged = merge_stays(rows.iter(), at(500));
        assert_eq!(merged.len(), 1);
        assert_eq!((merged[0].seconds, merged[0].reconnections), (170, 1));
        assert_eq!((merged[0].left_at, merged[0].cause), (Some(at(200)), Some(LeaveCause::Left)));
    }

    #[test]
    fn a_longer_pause_makes_two_stays() {
        let rows = [stay(0, Some(100), LeaveCause::Left), stay(221, Some(231), LeaveCause::Left)];
        let seconds: Vec<_> = merge_stays(rows.iter(), at(500)).iter().map(|stay| stay.seconds).collect();
        assert_eq!(seconds, [100, 10]);
    }

    #[test]
    fn time_by_two_connections_counts_once() {
        let rows = [
            stay(0, Some(100), LeaveCause::NodeLost),
            stay(10, Some(20), LeaveCause::Left),
            stay(90, None, LeaveCause::Left),
        ];
        let merged = merge_stays(rows.iter(), at(150));
        assert_eq!((merged.len(), merged[0].seconds, merged[0].left_at), (1, 150, None));
    }
}
