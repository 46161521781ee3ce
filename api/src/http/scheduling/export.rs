//! Lessons in `GET /me/export`: the person's own data, without data of other participants.

use domain::scheduling::{BookedBy, BookingStatus, Party};
use domain::{AccountId, BookingId, Money};
use jiff::Timestamp;
use projections::scheduling::{self, BookingRow, SlotRow, TimeFilter};
use serde::Serialize;

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

/// Booking of the exported student, with the texts of the student.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedBooking {
    #[schema(value_type = uuid::Uuid)]
    booking_id: BookingId,
    lesson: SlotDetails,
    #[schema(value_type = String)]
    status: BookingStatus,
    note: Option<String>,
    /// Price at the time of booking.
    #[schema(value_type = Object)]
    price: Money,
    #[schema(value_type = String)]
    booked_by: BookedBy,
    #[schema(value_type = String, format = DateTime)]
    booked_at: Timestamp,
    #[schema(value_type = Option<String>)]
    cancelled_by: Option<Party>,
    #[schema(value_type = Option<String>, format = DateTime)]
    cancelled_at: Option<Timestamp>,
    /// Reason of a cancellation by the student.
    cancel_reason: Option<String>,
    late: Option<bool>,
    #[schema(value_type = Option<Object>)]
    fee: Option<Money>,
    rating: Option<i16>,
    review: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    reviewed_at: Option<Timestamp>,
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
pub async fn export_bookings(app: &App, student: AccountId) -> Result<Vec<ExportedBooking>, Problem> {
    let rows = scheduling::bookings_of(&app.pool, student).await?;
    Ok(rows.iter().map(|(booking, slot)| ExportedBooking::new(student, booking, slot)).collect())
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

impl ExportedBooking {
    /// Builds the export of a booking, without texts of the teacher such as the reason of a cancellation.
    fn new(student: AccountId, booking: &BookingRow, slot: &SlotRow) -> Self {
        let reason = booking.cancel_reason.as_ref().filter(|_| booking.cancel_reason_by == Some(student));
        Self {
            booking_id: booking.booking_id,
            lesson: SlotDetails::for_public(slot),
            status: booking.status,
            note: booking.note.clone(),
            price: booking.money(),
            booked_by: booking.booked_by,
            booked_at: booking.booked_at,
            cancelled_by: booking.cancelled_by,
            cancelled_at: booking.cancelled_at,
            cancel_reason: reason.cloned(),
            late: booking.late,
            fee: booking.fee(),
            rating: booking.rating,
            review: booking.review.clone(),
            reviewed_at: booking.reviewed_at,
        }
    }
}
