//! Lessons in `GET /me/export`: the person's own data, without data of other participants.

use domain::AccountId;
use projections::scheduling::{self, BookingRow, SlotRow, TimeFilter};
use serde::Serialize;
use serde_json::{Value, json};

use super::slots::view::{SlotDetails, SlotView};
use crate::app::App;
use crate::http::problem::Problem;

/// Slots that are read in one query.
const CHUNK: u32 = 500;

/// Slot of the exported teacher.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedSlot {
    #[serde(flatten)]
    slot: SlotView,
    report: Option<String>,
}

impl From<SlotRow> for ExportedSlot {
    fn from(row: SlotRow) -> Self {
        Self { slot: SlotView::for_participant(&row), report: row.report }
    }
}

/// Exports all bookings of a student, with the slot and the texts of the student.
///
/// # Errors
/// [`Problem`] if Postgres is unavailable.
pub async fn export_bookings(app: &App, student: AccountId) -> Result<Vec<Value>, Problem> {
    let rows = scheduling::bookings_of(&app.pool, student).await?;
    Ok(rows.iter().map(|(booking, slot)| export_booking(student, booking, slot)).collect())
}

/// Exports all slots of a teacher, with the teacher's reports.
///
/// # Errors
/// [`Problem`] if Postgres is unavailable.
pub async fn export_slots(app: &App, teacher: AccountId) -> Result<Vec<ExportedSlot>, Problem> {
    let (mut slots, mut after) = (Vec::new(), None);
    loop {
        let page = scheduling::slots_of(&app.pool, teacher, &TimeFilter::default(), after, CHUNK).await?;
        slots.extend(page.rows.into_iter().map(ExportedSlot::from));
        after = page.next;
        if after.is_none() {
            return Ok(slots);
        }
    }
}

/// Builds the export of a booking, without texts of the teacher such as the reason of a cancellation.
fn export_booking(student: AccountId, booking: &BookingRow, slot: &SlotRow) -> Value {
    let reason = booking.cancel_reason.as_ref().filter(|_| booking.cancel_reason_by == Some(student));
    json!({
        "booking_id": booking.booking_id,
        "lesson": SlotDetails::for_public(slot),
        "status": booking.status,
        "note": booking.note,
        "price": booking.money(),
        "booked_by": booking.booked_by,
        "booked_at": booking.booked_at,
        "cancelled_by": booking.cancelled_by,
        "cancelled_at": booking.cancelled_at,
        "cancel_reason": reason,
        "late": booking.late,
        "fee": booking.fee(),
        "rating": booking.rating,
        "review": booking.review,
        "reviewed_at": booking.reviewed_at,
    })
}
