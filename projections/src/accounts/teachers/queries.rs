//! What everybody asks of the catalogue.

use domain::{AccountId, Money};
use sqlx::PgPool;

use super::TeacherRow;
use crate::paging::{Cursor, Page, QueryError, one_more, page};
use crate::searching::{bindable, query_text, sort_key};

/// Which teachers; what is `None` does not matter. Codes are those of the dictionary.
#[derive(Clone, Debug, Default)]
pub struct TeacherFilter {
    pub subject: Option<String>,
    pub grade: Option<String>,
    pub goal: Option<String>,
    pub experience: Option<String>,
    pub format: Option<String>,
    /// Minutes.
    pub duration: Option<u16>,
    pub lesson_type: Option<String>,
    /// The whole name of the city, in any case.
    pub city: Option<String>,
    pub min_rating: Option<f64>,
    /// Of one hour. Teachers who name no price, or one in another currency, are not found.
    pub max_price: Option<Money>,
    pub takes_requests: Option<bool>,
    /// Words of name, nickname, subjects or what the teacher tells.
    pub q: Option<String>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TeacherSort {
    #[default]
    Newest,
    /// Without a price last.
    Cheapest,
    /// Without a price last.
    Dearest,
    /// Without a rating last.
    BestRated,
}

impl TeacherSort {
    /// As `sort=` names it.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "-created_at" => Some(TeacherSort::Newest),
            "hourly_rate" => Some(TeacherSort::Cheapest),
            "-hourly_rate" => Some(TeacherSort::Dearest),
            "-rating" => Some(TeacherSort::BestRated),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            TeacherSort::Newest => "-created_at",
            TeacherSort::Cheapest => "hourly_rate",
            TeacherSort::Dearest => "-hourly_rate",
            TeacherSort::BestRated => "-rating",
        }
    }
}

/// The card of one teacher; `None` unless it is shown in the catalogue.
pub async fn teacher(pool: &PgPool, id: AccountId) -> Result<Option<TeacherRow>, QueryError> {
    Ok(sqlx::query_file_as!(TeacherRow, "src/accounts/teachers/one.sql", id.uuid())
        .fetch_optional(pool)
        .await?)
}

/// One page of the catalogue.
///
/// # Errors
/// The database is away, or the cursor belongs to another order.
pub async fn teachers(
    pool: &PgPool,
    filter: &TeacherFilter,
    sort: TeacherSort,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<TeacherRow>, QueryError> {
    let after = after.map(|cursor| cursor.within(sort.as_str())).transpose()?;
    let rows = sqlx::query_file_as!(
        TeacherRow,
        "src/accounts/teachers/list.sql",
        bindable(filter.subject.as_deref()),
        bindable(filter.grade.as_deref()),
        bindable(filter.goal.as_deref()),
        bindable(filter.experience.as_deref()),
        bindable(filter.format.as_deref()),
        filter.duration.map(u16::cast_signed),
        bindable(filter.lesson_type.as_deref()),
        city_key(filter),
        filter.min_rating,
        filter.max_price.map(|price| price.amount),
        filter.max_price.map(|price| price.currency.to_string()),
        filter.takes_requests,
        query_text(filter.q.as_deref()),
        sort.as_str(),
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        one_more(limit),
    )
    .fetch(pool);
    let cursor = |row: &TeacherRow| Cursor {
        sort: sort.as_str().to_owned(),
        key: rank(row, sort),
        id: row.account_id.uuid(),
    };
    page(rows, limit, cursor).await
}

/// How many cards are shown.
pub async fn count_teachers(pool: &PgPool, filter: &TeacherFilter) -> Result<u64, QueryError> {
    let count = sqlx::query_file_scalar!(
        "src/accounts/teachers/count.sql",
        bindable(filter.subject.as_deref()),
        bindable(filter.grade.as_deref()),
        bindable(filter.goal.as_deref()),
        bindable(filter.experience.as_deref()),
        bindable(filter.format.as_deref()),
        filter.duration.map(u16::cast_signed),
        bindable(filter.lesson_type.as_deref()),
        city_key(filter),
        filter.min_rating,
        filter.max_price.map(|price| price.amount),
        filter.max_price.map(|price| price.currency.to_string()),
        filter.takes_requests,
        query_text(filter.q.as_deref()),
    )
    .fetch_one(pool)
    .await?;
    Ok(count.cast_unsigned())
}

/// The number by which the statement sorts.
fn rank(row: &TeacherRow, sort: TeacherSort) -> i64 {
    match sort {
        TeacherSort::Newest => -row.created_at.as_microsecond(),
        TeacherSort::Cheapest => row.hourly_rate.unwrap_or(i64::MAX),
        TeacherSort::Dearest => -row.hourly_rate.unwrap_or(-1),
        // Rounded as Postgres rounds.
        TeacherSort::BestRated => -((row.rating.unwrap_or(0.0) * 1e6).round_ties_even() as i64),
    }
}

fn city_key(filter: &TeacherFilter) -> Option<String> {
    bindable(filter.city.as_deref()).map(|city| sort_key(city.trim()))
}
