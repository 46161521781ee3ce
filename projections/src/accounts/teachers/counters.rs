//! Counters of the cards: lessons held, students, reviews.

use domain::RecordedEvent;
use projection_runtime::ApplyError;
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::scheduling::{Attendance, ReviewTotals, apply_attendance, slots_before};

/// Applies the lessons of a batch to the counters. The rows of the cards must be written first.
pub(super) async fn apply_lessons(db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
    let changed = apply_attendance(events, load(db, &slots_before(events)?).await?)?;
    save(db, &changed.slots).await?;
    let teachers: Vec<Uuid> = changed.teachers.into_iter().collect();
    mark_behind(db, &teachers).await?;
    add_reviews(db, &changed.reviews).await
}

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Attendance>, ApplyError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        Attendance,
        "select slot_id, teacher, seated, absent, completed, teacher_absent
         from teacher_lessons
         where slot_id = any($1)",
        ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows)
}

/// Attendance row for writing.
#[derive(Serialize)]
struct AttendanceRecord<'a> {
    #[serde(flatten)]
    slot: &'a Attendance,
    held: bool,
    attended: Vec<Uuid>,
}

async fn save(db: &mut PgConnection, slots: &[Attendance]) -> Result<(), ApplyError> {
    let to_record = |slot| {
        let attended = Attendance::attendees(slot);
        AttendanceRecord { slot, held: !attended.is_empty(), attended }
    };
    let rows: Vec<AttendanceRecord<'_>> = slots.iter().map(to_record).collect();
    if !rows.is_empty() {
        sqlx::query_file!("src/accounts/teachers/save_lessons.sql", Json(&rows) as _).execute(db).await?;
    }
    Ok(())
}

async fn mark_behind(db: &mut PgConnection, teachers: &[Uuid]) -> Result<(), ApplyError> {
    if !teachers.is_empty() {
        sqlx::query!("update teachers set behind = true where account_id = any($1) and not behind", teachers)
            .execute(db)
            .await?;
    }
    Ok(())
}

/// Recounts held lessons and students for the teachers who have a changed lesson.
pub(super) async fn recount_lessons(db: &mut PgConnection) -> Result<(), ApplyError> {
    let behind =
        sqlx::query_scalar!("select account_id from teachers where behind").fetch_all(&mut *db).await?;
    if !behind.is_empty() {
        sqlx::query_file!("src/accounts/teachers/recount.sql", &behind).execute(db).await?;
    }
    Ok(())
}

async fn add_reviews(db: &mut PgConnection, reviews: &ReviewTotals) -> Result<(), ApplyError> {
    if reviews.is_empty() {
        return Ok(());
    }
    let (teachers, sums, counts) = reviews.to_columns();
    sqlx::query!(
        "update teachers
         set rating_sum = rating_sum + new.sum,
             reviews_count = reviews_count + new.count,
             rating = (rating_sum + new.sum)::double precision / (reviews_count + new.count)
         from unnest($1::uuid[], $2::bigint[], $3::integer[]) as new (teacher, sum, count)
         where account_id = new.teacher",
        &teachers,
        &sums,
        &counts,
    )
    .execute(db)
    .await?;
    Ok(())
}
