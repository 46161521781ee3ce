//! Slot as the API shows it.

use domain::scheduling::{CANCELLATION_POLICY, LessonFormat, LessonType, SlotAvailability};
use domain::{AccountId, ClassId, Money, SeriesId, SlotId, StreamVersion};
use jiff::Timestamp;
use projections::scheduling::SlotRow;
use serde::Serialize;

use crate::http::scheduling::cancellation_terms::CancellationTerms;

/// Time, terms and price of a slot or a lesson.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SlotDetails {
    #[schema(value_type = uuid::Uuid)]
    pub id: SlotId,
    #[schema(value_type = uuid::Uuid)]
    pub teacher_id: AccountId,
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    pub duration_minutes: i64,
    /// IANA name of the zone of the slot.
    pub time_zone: String,
    pub subject: String,
    #[schema(value_type = String)]
    pub lesson_type: LessonType,
    #[schema(value_type = String)]
    pub format: LessonFormat,
    /// Price of one seat as `{amount, currency}`.
    #[schema(value_type = Object)]
    pub price: Money,
    pub capacity: i16,
    pub seats_taken: i16,
    pub min_participants: Option<i16>,
    pub goals: Vec<String>,
    pub grades: Vec<String>,
    /// Meeting place of an offline lesson; null for people without a seat.
    pub place: Option<String>,
    #[schema(value_type = Option<uuid::Uuid>)]
    pub series_id: Option<SeriesId>,
    #[schema(value_type = Option<uuid::Uuid>)]
    pub class_id: Option<ClassId>,
    #[schema(value_type = i64)]
    pub version: StreamVersion,
}

/// Slot: an offered time.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Slot)]
pub struct SlotView {
    #[serde(flatten)]
    pub details: SlotDetails,
    /// `open`, `full`, `started`, `completed`, `withdrawn` or `cancelled`.
    #[schema(value_type = String)]
    pub status: SlotAvailability,
    /// Terms that a booking made now would have.
    pub cancellation: CancellationTerms,
}

impl SlotDetails {
    /// Builds the view for the teacher and for students with a seat.
    pub fn for_participant(row: &SlotRow) -> Self {
        Self {
            id: row.slot_id,
            teacher_id: row.teacher,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            duration_minutes: row.period().minutes(),
            time_zone: row.zone.clone(),
            subject: row.subject.clone(),
            lesson_type: row.lesson_type,
            format: row.format,
            price: row.money(),
            capacity: row.capacity,
            seats_taken: row.seats_taken,
            min_participants: row.min_participants,
            goals: row.goals.clone(),
            grades: row.grades.clone(),
            place: row.place.clone(),
            series_id: row.series_id,
            class_id: row.class_id,
            version: row.version,
        }
    }

    /// Builds the view for all other people, without the meeting place, which may be the teacher's home.
    pub fn for_public(row: &SlotRow) -> Self {
        Self { place: None, ..Self::for_participant(row) }
    }
}

impl SlotView {
    pub fn for_participant(row: &SlotRow) -> Self {
        Self::from_details(SlotDetails::for_participant(row), row)
    }

    pub fn for_public(row: &SlotRow) -> Self {
        Self::from_details(SlotDetails::for_public(row), row)
    }

    fn from_details(details: SlotDetails, row: &SlotRow) -> Self {
        let cancellation = CancellationTerms::new(CANCELLATION_POLICY, row.starts_at, row.money());
        Self { details, status: row.availability(), cancellation }
    }
}
