//! Lessons of a person for calendars.

use domain::accounts::Locale;
use domain::scheduling::{LessonFormat, LessonType};
use domain::{AccountId, SlotId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::types::Json;

use crate::accounts::pseudonym;

/// Largest number of lessons in a calendar; the latest are kept.
const LESSONS_MAX: i64 = 2_000;

/// Lesson in the calendar of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarLesson {
    pub slot_id: SlotId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// Code of the dictionary.
    pub subject: String,
    pub lesson_type: LessonType,
    pub format: LessonFormat,
    pub place: Option<String>,
    /// True if the lesson is cancelled by either party; for a student, also if only their booking is.
    pub cancelled: bool,
    /// Number that grows with each change that a calendar shows.
    pub sequence: i64,
    /// Names of the other party: the teacher, or the booked students.
    pub names: Vec<String>,
}

#[derive(Deserialize)]
struct CalendarRow {
    slot_id: SlotId,
    starts_at: Timestamp,
    ends_at: Timestamp,
    subject: String,
    lesson_type: LessonType,
    format: LessonFormat,
    place: Option<String>,
    cancelled: bool,
    sequence: i64,
    others: Vec<CounterpartRow>,
}

#[derive(Deserialize)]
struct CounterpartRow {
    id: AccountId,
    name: Option<String>,
}

/// Loads the lessons of a person from an instant on, or one lesson of any time, in order of time.
///
/// A student sees only their own booking and the teacher's name.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn calendar_lessons(
    pool: &PgPool,
    person: AccountId,
    since: Timestamp,
    only: Option<SlotId>,
    locale: Locale,
) -> Result<Vec<CalendarLesson>, sqlx::Error> {
    let rows = sqlx::query_file_scalar!(
        "src/scheduling/calendar/lessons.sql",
        person.uuid(),
        since.to_sqlx() as _,
        only.map(SlotId::uuid),
        LESSONS_MAX,
    )
    .fetch_all(pool)
    .await?;
    let lesson = |Json(row): Json<CalendarRow>| CalendarLesson {
        slot_id: row.slot_id,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        subject: row.subject,
        lesson_type: row.lesson_type,
        format: row.format,
        place: row.place,
        cancelled: row.cancelled,
        sequence: row.sequence,
        names: row
            .others
            .into_iter()
            .map(|other| other.name.unwrap_or_else(|| pseudonym(other.id, locale)))
            .collect(),
    };
    let mut lessons: Vec<_> = rows.into_iter().map(lesson).collect();
    lessons.sort_by_key(|lesson| (lesson.starts_at, lesson.slot_id));
    Ok(lessons)
}
