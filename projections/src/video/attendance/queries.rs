//! Queries of the attendance of one lesson.

use std::collections::BTreeSet;

use domain::video::{LeaveCause, ParticipantRole};
use domain::{AccountId, BookingId, SlotId};
use jiff::Timestamp;
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::types::Json;

/// Stay of a person in a lesson room, by one connection.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StayRow {
    pub participant: AccountId,
    pub role: ParticipantRole,
    pub joined_at: Timestamp,
    /// `None` while the stay goes on.
    pub left_at: Option<Timestamp>,
    pub cause: Option<LeaveCause>,
}

/// Attendance of a lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoomAttendance {
    /// In the order of the joins.
    pub stays: Vec<StayRow>,
    /// Bookings whose students are proposed as absent.
    pub proposed: BTreeSet<BookingId>,
}

/// Loads the attendance of a lesson; empty if no lesson room of it was opened.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn load_attendance(pool: &PgPool, slot_id: SlotId) -> Result<RoomAttendance, sqlx::Error> {
    let stays = sqlx::query_scalar!(
        r#"select to_jsonb(stay) as "row!: Json<StayRow>"
           from app.lesson_stays as stay
           where slot_id = $1
           order by joined_at, connection_id"#,
        slot_id.uuid(),
    );
    let proposed = sqlx::query_scalar!(
        "select booking_id from app.proposed_absences where slot_id = $1",
        slot_id.uuid(),
    );
    let stays = stays.fetch_all(pool).await?.into_iter().map(|Json(row)| row).collect();
    let proposed = proposed.fetch_all(pool).await?.into_iter().map(BookingId).collect();
    Ok(RoomAttendance { stays, proposed })
}
