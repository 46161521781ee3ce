//! `GET /teachers`, `GET /teachers/{id}`: the public catalogue.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::Education;
use domain::{AccountId, Currency, Money, ObjectId};
use projections::accounts::{self, TeacherFilter, TeacherRow, TeacherSort};
use serde::{Deserialize, Serialize};

use crate::app::Shared;
use crate::http::accounts::view::avatar_url;
use crate::http::freshness::{MinPosition, Version};
use crate::http::page::{ListQuery, NoFilter, Page, PageParams, Query, chosen, parameter};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Which teachers; codes are those of `GET /dictionaries`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    subject: Option<String>,
    grade: Option<String>,
    goal: Option<String>,
    experience: Option<String>,
    format: Option<String>,
    /// Minutes.
    duration: Option<u16>,
    lesson_type: Option<String>,
    /// The whole name, in any case.
    city: Option<String>,
    /// 1 to 5.
    min_rating: Option<f64>,
    /// Of one hour, in minor units of `currency`.
    max_price: Option<i64>,
    /// ISO 4217; RUB when absent.
    currency: Option<String>,
    takes_requests: Option<bool>,
    /// Words of name, nickname, subjects or what the teacher tells.
    q: Option<String>,
    /// `-created_at` (the rule), `hourly_rate`, `-hourly_rate` or `-rating`.
    sort: Option<String>,
}

/// A teacher as everybody sees them: without any contact.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TeacherCard {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    name: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
    bio: Option<String>,
    time_zone: String,
    city: Option<String>,
    country: Option<String>,
    subjects: Vec<String>,
    goals: Vec<String>,
    grades: Vec<String>,
    formats: Vec<String>,
    lesson_types: Vec<String>,
    /// Minutes.
    durations: Vec<i16>,
    experience: Option<String>,
    experience_years: Option<i16>,
    teacher_type: Option<String>,
    #[schema(value_type = Option<Object>)]
    education: Option<Education>,
    offline_available: bool,
    takes_requests: bool,
    /// `{amount, currency}`, of one hour.
    #[schema(value_type = Option<Object>)]
    hourly_rate: Option<Money>,
    /// 1 to 5; null without reviews.
    rating: Option<f64>,
    reviews_count: i32,
    lessons_count: i32,
    /// Of the cheapest free slot; null without one.
    #[schema(value_type = Option<Object>)]
    min_price: Option<Money>,
    /// In order of time.
    #[schema(value_type = Vec<Object>)]
    next_free_slots: Vec<NextSlot>,
}

/// No slot is offered yet.
#[derive(Debug, Serialize)]
enum NextSlot {}

/// The catalogue of teachers.
#[utoipa::path(
    get,
    path = "/teachers",
    tag = "teachers",
    params(Filter, PageParams),
    responses((status = 200, body = Page<TeacherCard>)),
)]
pub async fn teachers(
    State(app): State<Shared>,
    fresh: MinPosition,
    query: ListQuery<Filter>,
) -> Result<Json<Page<TeacherCard>>, Problem> {
    let (filter, sort) = query.filter.meant()?;
    let after = query.place()?;
    fresh.reached(&app, &["teacher_cards"]).await?;
    let page = accounts::teachers(&app.pool, &filter, sort, after, query.limit).await?;
    let total = match query.with_total {
        true => Some(accounts::count_teachers(&app.pool, &filter).await?),
        false => None,
    };
    Ok(Json(Page::read(page).with_total(total).map(TeacherCard::from)))
}

/// One teacher. 404 for who is none, or not in the catalogue now.
#[utoipa::path(
    get,
    path = "/teachers/{id}",
    tag = "teachers",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = TeacherCard)),
)]
pub async fn teacher(
    State(app): State<Shared>,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.reached(&app, &["teacher_cards"]).await?;
    let row = accounts::teacher(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    Ok((Version(row.version.cast_unsigned()), Json(TeacherCard::from(row))))
}

impl Filter {
    fn meant(&self) -> Result<(TeacherFilter, TeacherSort), Problem> {
        let currency = chosen("currency", self.currency.as_deref(), |text| {
            Currency::parse(text).filter(Currency::is_in_use)
        })?;
        if currency.is_some() && self.max_price.is_none() {
            return Err(parameter("max_price", "required"));
        }
        let sort = chosen("sort", self.sort.as_deref(), TeacherSort::parse)?.unwrap_or_default();
        // No teacher has a lesson of more minutes than a smallint holds.
        let duration = self.duration.map(|minutes| minutes.min(i16::MAX.cast_unsigned()));
        let max_price =
            self.max_price.map(|amount| Money { amount, currency: currency.unwrap_or(Currency::RUB) });
        let filter = TeacherFilter {
            subject: self.subject.clone(),
            grade: self.grade.clone(),
            goal: self.goal.clone(),
            experience: self.experience.clone(),
            format: self.format.clone(),
            duration,
            lesson_type: self.lesson_type.clone(),
            city: self.city.clone(),
            min_rating: self.min_rating,
            max_price,
            takes_requests: self.takes_requests,
            q: self.q.clone(),
        };
        Ok((filter, sort))
    }
}

impl From<TeacherRow> for TeacherCard {
    fn from(row: TeacherRow) -> Self {
        Self {
            hourly_rate: row.price(),
            id: row.account_id,
            name: row.name,
            nickname: row.nickname,
            avatar_url: row.avatar.map(|object| avatar_url(ObjectId(object))),
            bio: row.bio,
            time_zone: row.time_zone,
            city: row.city,
            country: row.country,
            subjects: row.subjects,
            goals: row.goals,
            grades: row.grades,
            formats: row.formats,
            lesson_types: row.lesson_types,
            durations: row.durations,
            experience: row.experience,
            experience_years: row.experience_years,
            teacher_type: row.teacher_type,
            education: row.education.map(|education| education.0),
            offline_available: row.offline_available,
            takes_requests: row.takes_requests,
            rating: row.rating,
            reviews_count: row.reviews_count,
            lessons_count: row.lessons_count,
            min_price: None,
            next_free_slots: Vec::new(),
        }
    }
}
