//! The counters of the CRM's users: lessons, and what students say of a teacher.

use domain::Recorded;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::read_model::ApplyError;
use crate::scheduling::{Attendance, Reviews, attended, concerned};

/// Follows the lessons of a batch; after the rows of the users were written.
pub(super) async fn count(db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError> {
    let changed = attended(events, load(db, &concerned(events)?).await?)?;
    save(db, &changed.slots).await?;
    let (people, positions): (Vec<Uuid>, Vec<i64>) = changed.touched.into_iter().unzip();
    if !people.is_empty() {
        let lessons = |person| changed.credits.get(person).copied().unwrap_or_default();
        let lessons: Vec<i32> = people.iter().map(lessons).collect();
        sqlx::query!(
            "update users
             set lessons_completed = lessons_completed + new.lessons,
                 position = greatest(position, new.at)
             from unnest($1::uuid[], $2::integer[], $3::bigint[]) as new (person, lessons, at)
             where account_id = new.person",
            &people,
            &lessons,
            &positions,
        )
        .execute(&mut *db)
        .await?;
    }
    rate(db, &changed.reviews).await
}

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Attendance>, ApplyError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        Attendance,
        "select slot_id, teacher, seated, absent, completed, teacher_absent
         from user_lessons
         where slot_id = any($1)",
        ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows)
}

async fn save(db: &mut PgConnection, slots: &[Attendance]) -> Result<(), ApplyError> {
    if !slots.is_empty() {
        sqlx::query_file!("src/crm/users/save_lessons.sql", Json(slots) as _).execute(db).await?;
    }
    Ok(())
}

async fn rate(db: &mut PgConnection, reviews: &Reviews) -> Result<(), ApplyError> {
    if reviews.is_empty() {
        return Ok(());
    }
    let (teachers, sums, counts) = reviews.columns();
    sqlx::query!(
        "update users
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
