//! Queries on the catalogue of teachers.

use domain::{AccountId, Currency};
use futures::stream;
use jiff::Timestamp;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use projection_runtime::snapshot_read;
use sqlx::{PgConnection, PgPool};

use super::{TeacherFilter, TeacherRow, TeacherSort, statements};
use crate::scheduling::{FreeSlots, free_slots_of_teachers};

/// Tables from which cards and free slots are read.
const TABLES_READ: [&str; 4] = ["app.teachers", "app.teacher_times", "app.teacher_prices", "app.slots"];

/// Card of a teacher, with the teacher's free slots.
pub type CatalogueCard = (TeacherRow, FreeSlots);

/// Loads a teacher; `None` unless the catalogue shows them.
pub async fn teacher(pool: &PgPool, id: AccountId) -> Result<Option<TeacherRow>, QueryError> {
    Ok(sqlx::query_file_as!(TeacherRow, "src/accounts/teachers/one.sql", id.uuid())
        .fetch_optional(pool)
        .await?)
}

/// Loads the card of a teacher with the slots free at `now`; `None` unless the catalogue shows it.
pub async fn teacher_card(
    pool: &PgPool,
    id: AccountId,
    currency: Currency,
    now: Timestamp,
) -> Result<Option<CatalogueCard>, QueryError> {
    let mut db = snapshot_read::begin_snapshot(pool, &TABLES_READ).await?;
    let row = sqlx::query_file_as!(TeacherRow, "src/accounts/teachers/one.sql", id.uuid())
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(add_free_slots(&mut db, vec![row], currency, now).await?.pop())
}

/// Loads a page of the catalogue, with the slots free at `now`.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another order.
pub async fn teachers(
    pool: &PgPool,
    filter: &TeacherFilter,
    sort: TeacherSort,
    now: Timestamp,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<CatalogueCard>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(sort.as_str())).transpose()?;
    let mut db = snapshot_read::begin_snapshot(pool, &TABLES_READ).await?;
    let rows = statements::select_rows(&mut db, filter, sort, now, after, limit_plus_one(limit)).await?;
    let currency = filter.currency();
    let cards = add_free_slots(&mut db, rows, currency, now).await?;
    let cursor = |(row, offers): &CatalogueCard| Cursor {
        sort: sort.as_str().to_owned(),
        key: rank(row, offers, sort, currency),
        id: row.account_id.uuid(),
    };
    collect_page(stream::iter(cards.into_iter().map(Ok)), limit, cursor).await
}

/// Counts the cards that match the filter.
pub async fn count_teachers(
    pool: &PgPool,
    filter: &TeacherFilter,
    now: Timestamp,
) -> Result<u64, QueryError> {
    let mut db = snapshot_read::begin_snapshot(pool, &TABLES_READ).await?;
    statements::count_rows(&mut db, filter, now).await
}

/// Returns the lines of the plan for the first page; Postgres runs the query for it.
pub async fn teachers_plan(
    pool: &PgPool,
    filter: &TeacherFilter,
    sort: TeacherSort,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<String>, QueryError> {
    let mut db = snapshot_read::begin_snapshot(pool, &TABLES_READ).await?;
    statements::explain_rows(&mut db, filter, sort, now, limit_plus_one(limit)).await
}

async fn add_free_slots(
    db: &mut PgConnection,
    rows: Vec<TeacherRow>,
    currency: Currency,
    now: Timestamp,
) -> Result<Vec<CatalogueCard>, QueryError> {
    let ids: Vec<_> = rows.iter().map(|row| row.account_id.uuid()).collect();
    let mut found = free_slots_of_teachers(db, &ids, currency, now).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let offers = found.remove(&row.account_id).unwrap_or_default();
            (row, offers)
        })
        .collect())
}

/// Returns the number by which the statement sorts.
fn rank(row: &TeacherRow, offers: &FreeSlots, sort: TeacherSort, currency: Currency) -> i64 {
    match sort {
        TeacherSort::Newest => -row.created_at.as_microsecond(),
        TeacherSort::Cheapest => row.hourly_rate.unwrap_or(i64::MAX),
        TeacherSort::Dearest => -row.hourly_rate.unwrap_or(-1),
        // Rounds like Postgres.
        TeacherSort::BestRated => -((row.rating.unwrap_or(0.0) * 1e6).round_ties_even() as i64),
        TeacherSort::CheapestSlot => {
            offers.min_price.filter(|price| price.currency == currency).map_or(i64::MAX, |price| price.amount)
        }
        TeacherSort::SoonestSlot => {
            offers.next.first().map_or(i64::MAX, |slot| slot.starts_at.as_microsecond())
        }
    }
}
