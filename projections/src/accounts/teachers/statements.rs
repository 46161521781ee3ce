//! Statements of the catalogue with their parameters: rows, count and query plan.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, QueryError};
use projection_runtime::text_search::{sort_key, strip_nul, to_tsquery};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{TeacherFilter, TeacherRow, TeacherSort};

/// Parameters of the statements, in the order of their numbers, without the sort order.
struct CatalogueQuery {
    subject: Option<String>,
    grade: Option<String>,
    goal: Option<String>,
    experience: Option<String>,
    format: Option<String>,
    duration: Option<i16>,
    lesson_type: Option<String>,
    city: Option<String>,
    min_rating: Option<f64>,
    max_price: Option<i64>,
    currency: String,
    takes_requests: Option<bool>,
    q: Option<String>,
    now: jiff_sqlx::Timestamp,
    has_free_slots: Option<bool>,
    requires_slot: bool,
    available_from: Option<jiff_sqlx::Timestamp>,
    available_to: Option<jiff_sqlx::Timestamp>,
    minutes: Option<Vec<i32>>,
    length: Option<i32>,
    since: Option<Vec<jiff_sqlx::Timestamp>>,
    half_hours: Option<i64>,
}

impl CatalogueQuery {
    fn new(filter: &TeacherFilter, now: Timestamp) -> Self {
        let time = filter.time_of_day.as_ref();
        let (since, minutes) = match time.map(|time| (time, time.to_utc_minutes(now))) {
            Some((_, Some((since, minutes)))) => (Some(since), Some(minutes)),
            Some((time, None)) => (None, Some(vec![time.from])),
            None => (None, None),
        };
        Self {
            subject: strip_nul(filter.subject.as_deref()),
            grade: strip_nul(filter.grade.as_deref()),
            goal: strip_nul(filter.goal.as_deref()),
            experience: strip_nul(filter.experience.as_deref()),
            format: strip_nul(filter.format.as_deref()),
            duration: filter.duration.map(u16::cast_signed),
            lesson_type: strip_nul(filter.lesson_type.as_deref()),
            city: strip_nul(filter.city.as_deref()).map(|city| sort_key(city.trim())),
            min_rating: filter.min_rating,
            max_price: filter.max_price.map(|price| price.amount),
            currency: filter.currency().to_string(),
            takes_requests: filter.takes_requests,
            q: to_tsquery(filter.q.as_ref()),
            now: now.to_sqlx(),
            has_free_slots: filter.has_free_slots,
            requires_slot: filter.requires_slot(),
            available_from: filter.available_from.map(Timestamp::to_sqlx),
            available_to: filter.available_to.map(Timestamp::to_sqlx),
            length: time.map(|time| time.length),
            since: since.map(|since| since.into_iter().map(Timestamp::to_sqlx).collect()),
            half_hours: time.zip(minutes.as_deref()).map(|(time, minutes)| time.half_hour_bits(minutes)),
            minutes,
        }
    }
}

pub(super) async fn select_rows(
    db: &mut PgConnection,
    filter: &TeacherFilter,
    sort: TeacherSort,
    now: Timestamp,
    after: Option<Cursor>,
    limit: Option<i64>,
) -> Result<Vec<TeacherRow>, QueryError> {
    let query = CatalogueQuery::new(filter, now);
    let (key, id) = cursor_key(after);
    let rows = sqlx::query_file_as!(
        TeacherRow,
        "src/accounts/teachers/list.sql",
        query.subject,
        query.grade,
        query.goal,
        query.experience,
        query.format,
        query.duration,
        query.lesson_type,
        query.city,
        query.min_rating,
        query.max_price,
        query.currency,
        query.takes_requests,
        query.q,
        query.now as _,
        query.has_free_slots,
        query.requires_slot,
        query.available_from as _,
        query.available_to as _,
        query.minutes.as_deref(),
        query.length,
        query.since.as_deref() as _,
        query.half_hours,
        sort.as_str(),
        key,
        id,
        limit,
    );
    Ok(rows.fetch_all(db).await?)
}

pub(super) async fn count_rows(
    db: &mut PgConnection,
    filter: &TeacherFilter,
    now: Timestamp,
) -> Result<u64, QueryError> {
    let query = CatalogueQuery::new(filter, now);
    let count = sqlx::query_file_scalar!(
        "src/accounts/teachers/count.sql",
        query.subject,
        query.grade,
        query.goal,
        query.experience,
        query.format,
        query.duration,
        query.lesson_type,
        query.city,
        query.min_rating,
        query.max_price,
        query.currency,
        query.takes_requests,
        query.q,
        query.now as _,
        query.has_free_slots,
        query.requires_slot,
        query.available_from as _,
        query.available_to as _,
        query.minutes.as_deref(),
        query.length,
        query.since.as_deref() as _,
        query.half_hours,
    );
    Ok(count.fetch_one(db).await?.cast_unsigned())
}

/// Returns the query plan of a page, line by line.
pub(super) async fn explain_rows(
    db: &mut PgConnection,
    filter: &TeacherFilter,
    sort: TeacherSort,
    now: Timestamp,
    limit: Option<i64>,
) -> Result<Vec<String>, QueryError> {
    let query = CatalogueQuery::new(filter, now);
    let statement = concat!("explain (analyze, costs off, timing off) ", include_str!("list.sql"));
    let lines = sqlx::query_scalar(statement)
        .bind(query.subject)
        .bind(query.grade)
        .bind(query.goal)
        .bind(query.experience)
        .bind(query.format)
        .bind(query.duration)
        .bind(query.lesson_type)
        .bind(query.city)
        .bind(query.min_rating)
        .bind(query.max_price)
        .bind(query.currency)
        .bind(query.takes_requests)
        .bind(query.q)
        .bind(query.now)
        .bind(query.has_free_slots)
        .bind(query.requires_slot)
        .bind(query.available_from)
        .bind(query.available_to)
        .bind(query.minutes)
        .bind(query.length)
        .bind(query.since)
        .bind(query.half_hours)
        .bind(sort.as_str())
        .bind(None::<i64>)
        .bind(None::<Uuid>)
        .bind(limit);
    Ok(lines.fetch_all(db).await?)
}

/// Returns the rank and id after which the page begins.
fn cursor_key(after: Option<Cursor>) -> (Option<i64>, Option<Uuid>) {
    (after.as_ref().map(|cursor| cursor.key), after.map(|cursor| cursor.id))
}
