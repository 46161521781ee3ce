//! `GET /slots/{id}`: returns a slot.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::SlotId;
use domain::scheduling::SlotAvailability;

use super::own_slot::version_of;
use super::view::SlotView;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::{lesson_not_found, load_lesson};

/// Returns a slot.
///
/// The teacher and students with a seat see all fields. Other people see only future slots that can be booked
/// or that have a waitlist, without the meeting place.
///
/// Refusals: 404 `slot_not_found`.
#[utoipa::path(
    get,
    path = "/slots/{id}",
    tag = "scheduling",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = SlotView)),
)]
pub async fn get_slot(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<SlotId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let row = load_lesson(&app, id).await?.ok_or_else(lesson_not_found)?;
    let person = caller.account_id;
    let has_seat = row.bookings.iter().any(|booking| booking.student == person && booking.is_seated());
    let is_offered = matches!(row.slot.availability(), SlotAvailability::Open | SlotAvailability::Full)
        && row.slot.class_id.is_none()
        && row.slot.starts_at > app.clock.now();
    let view = if row.slot.teacher == person || has_seat {
        SlotView::for_participant(&row.slot)
    } else if is_offered {
        SlotView::for_public(&row.slot)
    } else {
        return Err(lesson_not_found());
    };
    Ok((version_of(&view), Answer(view)))
}
