//! The statements of the catalogue with their parameters: rows, their number, their plan.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, QueryError};
use projection_runtime::text_search::{bindable, query_text, sort_key};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{TeacherFilter, TeacherRow, TeacherSort};

/// Parameters as the statements number them, up to the order.
struct Asked {
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
    wants_slot: bool,
    available_from: Option<jiff_sqlx::Timestamp>,
    available_to: Option<jiff_sqlx::Timestamp>,
    minutes: Option<Vec<i32>>,
    length: Option<i32>,
    since: Option<Vec<jiff_sqlx::Timestamp>>,
    halves: Option<i64>,
}

impl Asked {
    fn of(filter: &TeacherFilter, now: Timestamp) -> Self {
        let time = filter.time_of_day.as_ref();
        let (since, minutes) = match time.map(|time| (time, time.by_utc(now))) {
            Some((_, Some((since, minutes)))) => (Some(since), Some(minutes)),
            Some((time, None)) => (None, Some(vec![time.from])),
            None => (None, None),
        };
        Self {
            subject: bindable(filter.subject.as_deref()),
            grade: bindable(filter.grade.as_deref()),
            goal: bindable(filter.goal.as_deref()),
            experience: bindable(filter.experience.as_deref()),
            format: bindable(filter.format.as_deref()),
            duration: filter.duration.map(u16::cast_signed),
            lesson_type: bindable(filter.lesson_type.as_deref()),
            city: bindable(filter.city.as_deref()).map(|city| sort_key(city.trim())),
            min_rating: filter.min_rating,
            max_price: filter.max_price.map(|price| price.amount),
            currency: filter.currency().to_string(),
            takes_requests: filter.takes_requests,
            q: query_text(filter.q.as_deref()),
            now: now.to_sqlx(),
            has_free_slots: filter.has_free_slots,
            wants_slot: filter.wants_slot(),
            available_from: filter.available_from.map(Timestamp::to_sqlx),
            available_to: filter.available_to.map(Timestamp::to_sqlx),
            length: time.map(|time| time.length),
            since: since.map(|since| since.into_iter().map(Timestamp::to_sqlx).collect()),
            halves: time.zip(minutes.as_deref()).map(|(time, minutes)| time.halves(minutes)),
            minutes,
        }
    }
}

pub(super) async fn rows(
    db: &mut PgConnection,
    filter: &TeacherFilter,
    sort: TeacherSort,
    now: Timestamp,
    after: Option<Cursor>,
    limit: Option<i64>,
) -> Result<Vec<TeacherRow>, QueryError> {
    let asked = Asked::of(filter, now);
    let (key, id) = place(after);
    let rows = sqlx::query_file_as!(
        TeacherRow,
        "src/accounts/teachers/list.sql",
        asked.subject,
        asked.grade,
        asked.goal,
        asked.experience,
        asked.format,
        asked.duration,
        asked.lesson_type,
        asked.city,
        asked.min_rating,
        asked.max_price,
        asked.currency,
        asked.takes_requests,
        asked.q,
        asked.now as _,
        asked.has_free_slots,
        asked.wants_slot,
        asked.available_from as _,
        asked.available_to as _,
        asked.minutes.as_deref(),
        asked.length,
        asked.since.as_deref() as _,
        asked.halves,
        sort.as_str(),
        key,
        id,
        limit,
    );
    Ok(rows.fetch_all(db).await?)
}

pub(super) async fn count(
    db: &mut PgConnection,
    filter: &TeacherFilter,
    now: Timestamp,
) -> Result<u64, QueryError> {
    let asked = Asked::of(filter, now);
    let count = sqlx::query_file_scalar!(
        "src/accounts/teachers/count.sql",
        asked.subject,
        asked.grade,
        asked.goal,
        asked.experience,
        asked.format,
        asked.duration,
        asked.lesson_type,
        asked.city,
        asked.min_rating,
        asked.max_price,
        asked.currency,
        asked.takes_requests,
        asked.q,
        asked.now as _,
        asked.has_free_slots,
        asked.wants_slot,
        asked.available_from as _,
        asked.available_to as _,
        asked.minutes.as_deref(),
        asked.length,
        asked.since.as_deref() as _,
        asked.halves,
    );
    Ok(count.fetch_one(db).await?.cast_unsigned())
}

/// What Postgres does for a page, line by line.
pub(super) async fn plan(
    db: &mut PgConnection,
    filter: &TeacherFilter,
    sort: TeacherSort,
    now: Timestamp,
    limit: Option<i64>,
) -> Result<Vec<String>, QueryError> {
    let asked = Asked::of(filter, now);
    let statement = concat!("explain (analyze, costs off, timing off) ", include_str!("list.sql"));
    let lines = sqlx::query_scalar(statement)
        .bind(asked.subject)
        .bind(asked.grade)
        .bind(asked.goal)
        .bind(asked.experience)
        .bind(asked.format)
        .bind(asked.duration)
        .bind(asked.lesson_type)
        .bind(asked.city)
        .bind(asked.min_rating)
        .bind(asked.max_price)
        .bind(asked.currency)
        .bind(asked.takes_requests)
        .bind(asked.q)
        .bind(asked.now)
        .bind(asked.has_free_slots)
        .bind(asked.wants_slot)
        .bind(asked.available_from)
        .bind(asked.available_to)
        .bind(asked.minutes)
        .bind(asked.length)
        .bind(asked.since)
        .bind(asked.halves)
        .bind(sort.as_str())
        .bind(None::<i64>)
        .bind(None::<Uuid>)
        .bind(limit);
    Ok(lines.fetch_all(db).await?)
}

/// Rank and id behind which the page begins.
fn place(after: Option<Cursor>) -> (Option<i64>, Option<Uuid>) {
    (after.as_ref().map(|cursor| cursor.key), after.map(|cursor| cursor.id))
}
