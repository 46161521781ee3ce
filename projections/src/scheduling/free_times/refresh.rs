//! Keeps the summary of each teacher's free slots; a part of the read model `slots`.

use std::collections::HashMap;

use domain::AccountId;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::read_model::ApplyError;

/// Sums up the free slots of teachers anew; of each, as of the last event about their slots.
pub(in crate::scheduling) async fn refresh(
    db: &mut PgConnection,
    touched: &HashMap<AccountId, Timestamp>,
) -> Result<(), ApplyError> {
    if touched.is_empty() {
        return Ok(());
    }
    let (teachers, instants): (Vec<Uuid>, Vec<jiff_sqlx::Timestamp>) =
        touched.iter().map(|(teacher, at)| (teacher.uuid(), at.to_sqlx())).unzip();
    sqlx::query_file!("src/scheduling/free_times/times.sql", &teachers, &instants as _)
        .execute(&mut *db)
        .await?;
    sqlx::query_file!("src/scheduling/free_times/prices.sql", &teachers, &instants as _)
        .execute(&mut *db)
        .await?;
    sqlx::query_file!("src/scheduling/free_times/no_prices.sql", &teachers, &instants as _)
        .execute(db)
        .await?;
    Ok(())
}
