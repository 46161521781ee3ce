//! `POST /lessons/{id}/video-token`: issues a token for a lesson room.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::scheduling::{LessonFormat, SlotError, SlotStatus};
use domain::{Personal, RefusalError, Role, SlotId};
use jiff::{SignedDuration, Timestamp};
use projections::scheduling::LessonRow;
use serde::Serialize;

use super::view::{VIDEO_LEAD_TIME, first_name, lesson_not_found, load_lesson};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::idempotency::DoNotStore;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::video::{JoinToken, RoomEntry};

/// Time after the end of a lesson until which its lesson room is open.
const VIDEO_TRAIL_TIME: SignedDuration = SignedDuration::from_mins(30);

/// Token for a lesson room.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VideoToken {
    /// WebSocket address of the node; the subprotocol is `kafedra.rtc.v1`.
    url: String,
    /// Serves once, as the content of the first frame. It is never part of a URL.
    token: String,
    /// At most 60 seconds from now.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// TURN servers with credentials of this participant, as browsers take them; may be empty.
    ice_servers: Vec<IceServerView>,
}

/// TURN server with time-limited credentials.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = IceServer)]
pub struct IceServerView {
    urls: Vec<String>,
    username: String,
    credential: String,
}

/// Issues a token for a lesson room.
///
/// For the teacher and the booked students of the lesson. Support agents and admins enter as observers, with
/// the consent of the teacher in the lesson room. The lesson room is open from 15 minutes before the start
/// until 30 minutes after the end.
///
/// Refusals: 403 `not_in_lesson`; 404 `slot_not_found`; 409 `no_video` (in person, cancelled, or without
/// students), `too_early`, `video_closed`; 503 `video_unavailable`.
#[utoipa::path(
    post,
    path = "/lessons/{id}/video-token",
    tag = "lessons",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = VideoToken)),
)]
pub async fn issue_video_token(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<SlotId>,
) -> Result<Response, Problem> {
    let row = load_lesson(&app, id).await?.ok_or_else(lesson_not_found)?;
    let role = room_role(&row, &caller).ok_or_else(|| Problem::new("not_in_lesson"))?;
    let now = app.clock.now();
    let closes_at = check_open(&row, now)?;
    let entry = RoomEntry {
        lesson: id.uuid(),
        participant: caller.account_id.uuid(),
        name: shown_name(&row, &caller, role),
        role,
        starts_at: row.slot.starts_at,
        ends_at: row.slot.ends_at,
        closes_at,
    };
    let unavailable = || Problem::new("video_unavailable");
    let tokens = app.video_tokens.as_ref().ok_or_else(unavailable)?;
    let node = app.video.place(id.uuid()).await.ok_or_else(unavailable)?;
    let token = tokens.issue(entry, node, app.ids.next(), now);
    Ok((Extension(DoNotStore), Json(VideoToken::from(token))).into_response())
}

/// Returns the role of the caller in the lesson room; `None` for a person who may not enter.
fn room_role(row: &LessonRow, caller: &Caller) -> Option<signaling::protocol::Role> {
    use signaling::protocol::Role as RoomRole;
    let person = caller.account_id;
    if row.slot.teacher == person {
        return Some(RoomRole::Teacher);
    }
    if row.bookings.iter().any(|booking| booking.student == person && booking.is_seated()) {
        return Some(RoomRole::Student);
    }
    let may_observe = caller.has_role(Role::Support) || caller.has_role(Role::Admin);
    may_observe.then_some(RoomRole::Observer)
}

/// Returns the instant at which the lesson room closes, if it is open now.
///
/// # Errors
/// 409 `no_video`, `too_early` or `video_closed`.
fn check_open(row: &LessonRow, now: Timestamp) -> Result<Timestamp, Problem> {
    let slot = &row.slot;
    let is_off = matches!(slot.status, SlotStatus::Cancelled | SlotStatus::Withdrawn)
        || slot.format == LessonFormat::Offline
        || !row.bookings.iter().any(|booking| booking.is_seated());
    if is_off {
        return Err(Problem::new("no_video"));
    }
    check_window(slot.starts_at, slot.ends_at, now)
}

/// Returns the instant at which a lesson room at this time closes, if it is open now.
///
/// # Errors
/// 409 `too_early` or `video_closed`.
fn check_window(starts_at: Timestamp, ends_at: Timestamp, now: Timestamp) -> Result<Timestamp, Problem> {
    if now < starts_at - VIDEO_LEAD_TIME {
        return Err(SlotError::TooEarly.refusal().into());
    }
    let closes_at = ends_at + VIDEO_TRAIL_TIME;
    if now >= closes_at { Err(Problem::new("video_closed")) } else { Ok(closes_at) }
}

/// Returns the name that the other participants see. Students of a group see first names of each other.
fn shown_name(row: &LessonRow, caller: &Caller, role: signaling::protocol::Role) -> String {
    let name = caller.person.profile.name.clone().and_then(Personal::into_known).map(String::from);
    let name = name.unwrap_or_default();
    let seated = row.bookings.iter().filter(|booking| booking.is_seated()).count();
    if role == signaling::protocol::Role::Student && seated > 1 { first_name(&name) } else { name }
}

impl From<JoinToken> for VideoToken {
    fn from(token: JoinToken) -> Self {
        let ice_servers = token.ice_servers.into_iter().map(|server| IceServerView {
            urls: server.urls,
            username: server.username,
            credential: server.credential,
        });
        Self {
            url: token.url,
            token: token.token,
            expires_at: token.expires_at,
            ice_servers: ice_servers.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_open_from_15_minutes_before_the_start_until_30_minutes_after_the_end() {
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let code = |now: Timestamp| check_window(at(100), at(160), now).map_err(|problem| problem.code);
        let second = SignedDuration::from_secs(1);
        assert_eq!(code(at(85) - second), Err("too_early"));
        assert_eq!(code(at(85)), Ok(at(190)));
        assert_eq!(code(at(190) - second), Ok(at(190)));
        assert_eq!(code(at(190)), Err("video_closed"));
    }
}
