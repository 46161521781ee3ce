//! Queries of a teacher on their series and their time.

use std::collections::BTreeSet;

use domain::AccountId;
use domain::scheduling::Period;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use sqlx::PgPool;
use sqlx::types::Json;

use super::SeriesRow;

const SORT: &str = "-defined_at";

/// Filter of a teacher's series; a field that is `None` does not restrict.
#[derive(Clone, Copy, Debug, Default)]
pub struct SeriesFilter {
    /// Selects series that have ended by this date (`true`), or that have not (`false`).
    pub ended_by: Option<(Date, bool)>,
}

/// Loads the series of a teacher, the newest first.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn series_of(
    pool: &PgPool,
    teacher: AccountId,
    filter: SeriesFilter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<SeriesRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let rows = sqlx::query_scalar!(
        r#"select to_jsonb(s) as "row!: Json<SeriesRow>"
           from app.series s
           where teacher = $1
             and ($2::date is null or (ended_from is not null and ended_from <= $2) = $3)
             and ($4::bigint is null
                  or (defined_at, series_id) < (to_timestamp($4 / 1e6), $5::uuid))
           order by defined_at desc, series_id desc
           limit $6"#,
        teacher.uuid(),
        filter.ended_by.map(|(date, _)| date.to_sqlx()) as _,
        filter.ended_by.is_some_and(|(_, ended)| ended),
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        limit_plus_one(limit),
    )
    .fetch(pool);
    let rows = futures::TryStreamExt::map_ok(rows, |Json(row)| row);
    let cursor = |row: &SeriesRow| Cursor {
        sort: SORT.to_owned(),
        key: row.defined_at.as_microsecond(),
        id: row.series_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}

/// Counts the series of a teacher that match the filter.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn count_series(
    pool: &PgPool,
    teacher: AccountId,
    filter: SeriesFilter,
) -> Result<u64, QueryError> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!"
           from app.series
           where teacher = $1
             and ($2::date is null or (ended_from is not null and ended_from <= $2) = $3)"#,
        teacher.uuid(),
        filter.ended_by.map(|(date, _)| date.to_sqlx()) as _,
        filter.ended_by.is_some_and(|(_, ended)| ended),
    );
    Ok(count.fetch_one(pool).await?.cast_unsigned())
}

/// Returns the indexes of the periods at which one of the people is busy.
///
/// It reads the time claims of the log, not a read model.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn find_time_conflicts(
    pool: &PgPool,
    people: &[AccountId],
    periods: &[Period],
) -> Result<BTreeSet<usize>, sqlx::Error> {
    let people: Vec<_> = people.iter().map(|person| person.uuid()).collect();
    let starts: Vec<_> = periods.iter().map(|period| Timestamp::to_sqlx(period.starts_at)).collect();
    let ends: Vec<_> = periods.iter().map(|period| Timestamp::to_sqlx(period.ends_at)).collect();
    let taken = sqlx::query_scalar!(
        r#"select wanted.place as "place!"
           from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as wanted (starts, ends, place)
           where exists (
             select from log.time_claims held
             where held.person = any($1) and held.during && tstzrange(wanted.starts, wanted.ends))"#,
        &people,
        &starts as _,
        &ends as _,
    )
    .fetch_all(pool)
    .await?;
    Ok(taken.into_iter().filter_map(|ordinal| usize::try_from(ordinal - 1).ok()).collect())
}
