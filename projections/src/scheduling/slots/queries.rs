//! Queries on slots: calendars, free times, lessons, reviews, and relations of teachers and students.

use std::collections::HashMap;

use domain::scheduling::SlotStatus;
use domain::{AccountId, BookingId, HoldId, SlotId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use super::rows::{BookingRow, SlotRow};

/// Order of all these lists except reviews: by time.
const SORT_BY_TIME: &str = "starts_at";
const SORT_NEWEST: &str = "-reviewed_at";

/// Filter of slots that start in `[from, to)` and have this status.
#[derive(Clone, Debug, Default)]
pub struct TimeFilter {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Code of a [`SlotAvailability`](domain::scheduling::SlotAvailability).
    pub status: Option<&'static str>,
}

/// Filter of the lessons of a person. A field that is `None` does not restrict.
#[derive(Clone, Copy, Debug, Default)]
pub struct LessonFilter {
    /// The lesson ends after this instant.
    pub from: Option<Timestamp>,
    /// The lesson starts before this instant.
    pub to: Option<Timestamp>,
    pub status: Option<LessonStatus>,
    /// Role of the person in the lesson.
    pub role: Option<LessonRole>,
    /// The other person: the teacher of a student, or a student of a teacher.
    pub with: Option<AccountId>,
    /// The lesson has a proposal that the person has to answer and that is open at this instant.
    pub awaits_answer_at: Option<Timestamp>,
}

domain::code_enum!(
    /// Role of a person in a lesson.
    LessonRole {
        Student = "student",
        Teacher = "teacher",
    }
);

domain::code_enum!(
    /// Order of lessons.
    #[derive(Default)]
    LessonSort {
        #[default]
        Earliest = "starts_at",
        Latest = "-starts_at",
    }
);

domain::code_enum!(
    /// Status of a lesson for one of its people.
    LessonStatus {
        Scheduled = "scheduled",
        Started = "started",
        Completed = "completed",
        Cancelled = "cancelled",
    }
);

/// Slot with its bookings.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonRow {
    pub slot: SlotRow,
    /// Bookings, in the order of booking.
    pub bookings: Vec<BookingRow>,
}

/// Review of a lesson by a student.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewRow {
    pub booking_id: BookingId,
    /// Whole name; the HTTP layer shows the first word only.
    pub student_name: Option<String>,
    pub rating: i16,
    pub text: Option<String>,
    pub reviewed_at: Timestamp,
}

impl LessonRow {
    /// Returns the status of the lesson for this person; `None` if they never had a part in it.
    ///
    /// A student who cancelled sees a cancelled lesson, also if it takes place for others.
    pub fn status_for(&self, person: AccountId) -> Option<LessonStatus> {
        let is_teacher = self.slot.teacher == person;
        let mut own =
            self.bookings.iter().filter(|booking| is_teacher || booking.student == person).peekable();
        own.peek()?;
        Some(match self.slot.status {
            SlotStatus::Cancelled | SlotStatus::Withdrawn => LessonStatus::Cancelled,
            _ if !own.any(BookingRow::is_seated) => LessonStatus::Cancelled,
            SlotStatus::Offered => LessonStatus::Scheduled,
            SlotStatus::Started => LessonStatus::Started,
            SlotStatus::Completed => LessonStatus::Completed,
        })
    }
}

/// Loads a page of a teacher's own slots.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn slots_of(
    pool: &PgPool,
    teacher: AccountId,
    filter: &TimeFilter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<SlotRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT_BY_TIME)).transpose()?;
    let rows = sqlx::query_file_scalar!(
        "src/scheduling/slots/own.sql",
        teacher.uuid(),
        filter.from.map(Timestamp::to_sqlx) as _,
        filter.to.map(Timestamp::to_sqlx) as _,
        filter.status,
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        limit_plus_one(limit),
    )
    .fetch_all(pool)
    .await?;
    slot_page(rows, limit, SORT_BY_TIME).await
}

/// Loads a page of a teacher's free slots after `now`.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn free_slots_of(
    pool: &PgPool,
    teacher: AccountId,
    filter: &TimeFilter,
    now: Timestamp,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<SlotRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT_BY_TIME)).transpose()?;
    let from = filter.from.map_or(now, |from| from.max(now));
    let rows = sqlx::query_file_scalar!(
        "src/scheduling/slots/free.sql",
        teacher.uuid(),
        from.to_sqlx() as _,
        filter.to.map(Timestamp::to_sqlx) as _,
        now.to_sqlx() as _,
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        limit_plus_one(limit),
    )
    .fetch_all(pool)
    .await?;
    slot_page(rows, limit, SORT_BY_TIME).await
}

/// Loads a page of a person's lessons, as a teacher or as a student.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn lessons_of(
    pool: &PgPool,
    person: AccountId,
    filter: &LessonFilter,
    sort: LessonSort,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<LessonRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(sort.as_str())).transpose()?;
    let rows = sqlx::query_file_scalar!(
        "src/scheduling/slots/lessons.sql",
        person.uuid(),
        filter.from.map(Timestamp::to_sqlx) as _,
        filter.to.map(Timestamp::to_sqlx) as _,
        filter.status.map(LessonStatus::as_str),
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        limit_plus_one(limit),
        sort == LessonSort::Latest,
        filter.role.map(LessonRole::as_str),
        filter.with.map(AccountId::uuid),
        filter.awaits_answer_at.map(Timestamp::to_sqlx) as _,
    )
    .fetch_all(pool)
    .await?;
    let slots = slot_page(rows, limit, sort.as_str()).await?;
    let ids: Vec<Uuid> = slots.rows.iter().map(|slot| slot.slot_id.uuid()).collect();
    let mut bookings: HashMap<SlotId, Vec<BookingRow>> = HashMap::new();
    for booking in bookings_in(pool, &ids).await? {
        bookings.entry(booking.slot_id).or_default().push(booking);
    }
    let with_bookings = |slot: SlotRow| {
        let bookings = bookings.remove(&slot.slot_id).unwrap_or_default();
        LessonRow { slot, bookings }
    };
    Ok(Page { rows: slots.rows.into_iter().map(with_bookings).collect(), next: slots.next })
}

/// Loads the bookings of these slots, in the order of booking.
async fn bookings_in(pool: &PgPool, slots: &[Uuid]) -> Result<Vec<BookingRow>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        r#"select to_jsonb(b) as "row!: Json<BookingRow>"
           from app.bookings b
           where slot_id = any($1)
             and status <> 'moved_out'
           order by booked_at, booking_id"#,
        slots,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|Json(row)| row).collect())
}

/// Loads all bookings of a student with their slots, in the order of booking.
pub async fn bookings_of(
    pool: &PgPool,
    student: AccountId,
) -> Result<Vec<(BookingRow, SlotRow)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select to_jsonb(b) as "booking!: Json<BookingRow>", to_jsonb(s) as "slot!: Json<SlotRow>"
           from app.bookings b
           join app.slots s using (slot_id)
           where student = $1
           order by booked_at, booking_id"#,
        student.uuid(),
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.booking.0, row.slot.0)).collect())
}

/// Loads a page of a teacher's reviews, the latest first.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn reviews_of(
    pool: &PgPool,
    teacher: AccountId,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<ReviewRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT_NEWEST)).transpose()?;
    let rows = sqlx::query_file_as!(
        ReviewRow,
        "src/scheduling/slots/reviews.sql",
        teacher.uuid(),
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        limit_plus_one(limit),
    )
    .fetch(pool);
    let cursor = |row: &ReviewRow| Cursor {
        sort: SORT_NEWEST.to_owned(),
        key: row.reviewed_at.as_microsecond(),
        id: row.booking_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}

/// Returns whether the student has, or had, a seat in a lesson of the teacher.
pub async fn teaches(pool: &PgPool, teacher: AccountId, student: AccountId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select from app.bookings
             where teacher = $1 and student = $2 and status in ('booked', 'no_show')
             union all
             select from app.class_students
             join app.classes using (class_id)
             where teacher = $1 and student = $2
           ) as "teaches!""#,
        teacher.uuid(),
        student.uuid(),
    )
    .fetch_one(pool)
    .await
}

/// Returns the slot of a hold.
pub async fn slot_of_hold(pool: &PgPool, hold: HoldId) -> Result<Option<SlotId>, sqlx::Error> {
    let slot = sqlx::query_scalar!("select slot_id from app.seat_holds where hold_id = $1", hold.uuid())
        .fetch_optional(pool)
        .await?;
    Ok(slot.map(SlotId))
}

/// Loads the names of people; `None` after erasure. Unknown accounts are not in the result.
pub async fn names_of(
    pool: &PgPool,
    people: &[AccountId],
) -> Result<HashMap<AccountId, Option<String>>, sqlx::Error> {
    let ids: Vec<Uuid> = people.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!("select account_id, name from app.accounts where account_id = any($1)", &ids)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(|row| (AccountId(row.account_id), row.name)).collect())
}

async fn slot_page(rows: Vec<Json<SlotRow>>, limit: u32, sort: &str) -> Result<Page<SlotRow>, QueryError> {
    let rows = futures::stream::iter(rows.into_iter().map(|Json(row)| Ok(row)));
    let cursor = |row: &SlotRow| Cursor {
        sort: sort.to_owned(),
        key: row.starts_at.as_microsecond(),
        id: row.slot_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}
