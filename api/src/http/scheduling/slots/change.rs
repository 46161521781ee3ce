//! `PATCH /slots/{id}`: changes a slot of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::scheduling::{LessonFormat, LessonType, Period, SlotChanges, SlotCommand};
use domain::{AccountId, Command, Dispatch, Money, Personal, SlotId};
use jiff::Timestamp;
use serde::Deserialize;

use super::own_slot::{load_own_slot, version_of};
use super::view::SlotView;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{IfMatch, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::{lesson_not_found, load_lesson};

/// Changes of a slot; absent fields stay unchanged.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSlotRequest {
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default, deserialize_with = "crate::http::instant::deserialize_option")]
    starts_at: Option<Timestamp>,
    duration_minutes: Option<u16>,
    subject: Option<String>,
    #[schema(value_type = Option<String>)]
    lesson_type: Option<LessonType>,
    #[schema(value_type = Option<String>)]
    format: Option<LessonFormat>,
    #[schema(value_type = Option<Object>)]
    price: Option<Money>,
    capacity: Option<u16>,
    min_participants: Option<u16>,
    goals: Option<Vec<String>>,
    grades: Option<Vec<String>>,
    place: Option<String>,
}

/// Changes a slot of the caller.
///
/// Time, subject, lesson type and format can be changed only if the slot has no bookings. A new price is for later
/// bookings. `If-Match` is required.
///
/// Refusals: 404 `slot_not_found`; 409 `slot_booked`, `seats_taken`, `time_conflict`, `slot_in_past`,
/// `slot_closed`; 412 `stale_version`; 422 per field; 428 `if_match_required`.
#[utoipa::path(
    patch,
    path = "/slots/{id}",
    tag = "scheduling",
    params(IfMatch, ("id" = uuid::Uuid, Path)),
    request_body = ChangeSlotRequest,
    responses((status = 200, body = SlotView)),
)]
pub async fn change_slot(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    if_match: IfMatch,
    Path(id): Path<SlotId>,
    Json(patch): Json<ChangeSlotRequest>,
) -> Result<impl IntoResponse, Problem> {
    let row = load_lesson(&app, id).await?.filter(|row| row.slot.teacher == caller.account_id);
    let present = row.ok_or_else(lesson_not_found)?.slot.period();
    if_match.require()?;
    let changes = Box::new(patch.into_changes(caller.account_id, present)?);
    let command = SlotCommand::ChangeSlot { by: caller.account_id, changes };
    let receipt = app.bus.dispatch(Command::Slot(id, command), invocation.context()).await?;
    let view = load_own_slot(&app, id).await?;
    Ok((LogPosition(receipt.position), version_of(&view), Answer(view)))
}

impl ChangeSlotRequest {
    fn into_changes(self, teacher: AccountId, present: Period) -> Result<SlotChanges, Problem> {
        let period = if self.starts_at.is_some() || self.duration_minutes.is_some() {
            let starts_at = self.starts_at.unwrap_or(present.starts_at);
            let minutes = self.duration_minutes.or_else(|| u16::try_from(present.minutes()).ok());
            let period = minutes.and_then(|minutes| Period::of_minutes(starts_at, minutes));
            Some(period.ok_or_else(|| Problem::field("/starts_at", "too_far"))?)
        } else {
            None
        };
        Ok(SlotChanges {
            period,
            subject: self.subject,
            lesson_type: self.lesson_type,
            format: self.format,
            price: self.price,
            capacity: self.capacity,
            min_participants: self.min_participants,
            goals: self.goals,
            grades: self.grades,
            place: self.place.map(|place| Personal::new(teacher, place)),
        })
    }
}
