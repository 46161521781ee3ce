//! Updates the summary of each teacher's free slots; a part of the read model `slots`.

use std::collections::HashMap;

use domain::AccountId;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::ApplyError;
use sqlx::PgConnection;
use uuid::Uuid;

/// Marks the summaries of these teachers for a refresh.
///
/// The value for each teacher is the time of the last event of their slots.
pub(in crate::scheduling) async fn mark_behind(
    db: &mut PgConnection,
    teachers_touched: &HashMap<AccountId, Timestamp>,
) -> Result<(), ApplyError> {
    if teachers_touched.is_empty() {
        return Ok(());
    }
    let (teachers, instants): (Vec<Uuid>, Vec<jiff_sqlx::Timestamp>) =
        teachers_touched.iter().map(|(teacher, at)| (teacher.uuid(), at.to_sqlx())).unzip();
    sqlx::query!(
        "insert into teacher_times (teacher, touched_at, behind)
         select teacher, touched_at, true
         from unnest($1::uuid[], $2::timestamptz[]) as touched (teacher, touched_at)
         on conflict (teacher) do update set
           touched_at = excluded.touched_at,
           behind = true",
        &teachers,
        &instants as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Refreshes the marked summaries, each as of the last event of the teacher's slots.
pub(in crate::scheduling) async fn refresh_summaries(db: &mut PgConnection) -> Result<(), ApplyError> {
    let behind =
        sqlx::query_scalar!("select teacher from teacher_times where behind").fetch_all(&mut *db).await?;
    if behind.is_empty() {
        return Ok(());
    }
    sqlx::query_file!("src/scheduling/availability/prices.sql", &behind).execute(&mut *db).await?;
    sqlx::query_file!("src/scheduling/availability/no_prices.sql", &behind).execute(&mut *db).await?;
    sqlx::query_file!("src/scheduling/availability/times.sql", &behind).execute(db).await?;
    Ok(())
}
