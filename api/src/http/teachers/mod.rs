//! `GET /teachers`, `GET /teachers/{id}`: the public catalogue.

mod when;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::Education;
use domain::{AccountId, Currency, Money, ObjectId, SlotId};
use jiff::Timestamp;
use projections::accounts::{self, CatalogueCard, TeacherFilter, TeacherSort};
use projections::scheduling::NextFreeSlot;
use serde::{Deserialize, Serialize};

use self::when::When;
use crate::app::Shared;
use crate::http::accounts::view::avatar_url;
use crate::http::freshness::{MinPosition, Shown};
use crate::http::page::{ListQuery, NoFilter, Page, PageParams, Query, chosen};
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
    /// Of the cheapest free slot, in minor units of `currency`; of one hour, for who has no free slot.
    max_price: Option<i64>,
    /// In which prices are compared, ISO 4217; RUB when absent.
    currency: Option<String>,
    takes_requests: Option<bool>,
    /// Words of name, nickname, subjects or what the teacher tells.
    q: Option<String>,
    /// Whether there is a free slot in the future. With `true` (and with any of the filters of time), one
    /// and the same slot has the subject, grade, goal, format, duration, lesson type and price that are asked.
    has_free_slots: Option<bool>,
    /// A free slot begins then or later: an instant, or a date in `time_zone`.
    available_from: Option<String>,
    /// A free slot begins before this instant, or on this date at the latest.
    available_to: Option<String>,
    /// A free slot begins at this time of day or later: `HH:MM` in `time_zone`.
    time_from: Option<String>,
    /// A free slot begins before this time of day; when that is earlier than `time_from`, on the next day.
    time_to: Option<String>,
    /// IANA name. Without it, times of day are on the clock on which the teacher offered each slot, and dates
    /// are of UTC.
    time_zone: Option<String>,
    /// `-created_at` (the rule), `min_price`, `next_free`, `hourly_rate`, `-hourly_rate` or `-rating`.
    sort: Option<String>,
}

/// The read models that a card is made from.
const MODELS: [&str; 2] = ["teacher_cards", "slots"];

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
    /// Lessons held: completed, and somebody came.
    lessons_count: i32,
    /// Different students who came.
    students_count: i32,
    /// Of the cheapest free slot; null without one.
    #[schema(value_type = Option<Object>)]
    min_price: Option<Money>,
    /// The first three, in order of time.
    next_free_slots: Vec<FreeSlot>,
}

/// A slot in which a seat can be booked now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FreeSlot {
    #[schema(value_type = uuid::Uuid)]
    id: SlotId,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    duration_minutes: i64,
    /// On whose clock it was offered.
    time_zone: String,
    subject: String,
    lesson_type: String,
    format: String,
    /// `{amount, currency}`, of one seat.
    #[schema(value_type = Option<Object>)]
    price: Option<Money>,
}

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
    fresh.reached(&app, &MODELS).await?;
    let now = app.clock.now();
    let page = accounts::teachers(&app.pool, &filter, sort, now, after, query.limit).await?;
    let total = match query.with_total {
        true => Some(accounts::count_teachers(&app.pool, &filter, now).await?),
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
    fresh.reached(&app, &MODELS).await?;
    let card = accounts::teacher_card(&app.pool, id, Currency::RUB, app.clock.now()).await?;
    let card = card.ok_or_else(Problem::not_found)?;
    let version = card.0.version.cast_unsigned();
    let card = TeacherCard::from(card);
    Ok((Shown::of(version, &card), Json(card)))
}

impl Filter {
    fn meant(&self) -> Result<(TeacherFilter, TeacherSort), Problem> {
        let currency = chosen("currency", self.currency.as_deref(), |text| {
            Currency::parse(text).filter(Currency::is_in_use)
        })?;
        let when = When::of(self)?;
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
            currency,
            takes_requests: self.takes_requests,
            q: self.q.clone(),
            has_free_slots: self.has_free_slots,
            available_from: when.from,
            available_to: when.to,
            time_of_day: when.time_of_day,
        };
        Ok((filter, sort))
    }
}

impl From<CatalogueCard> for TeacherCard {
    fn from((row, offers): CatalogueCard) -> Self {
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
            students_count: row.students_count,
            min_price: offers.min_price,
            next_free_slots: offers.next.into_iter().map(FreeSlot::from).collect(),
        }
    }
}

impl From<NextFreeSlot> for FreeSlot {
    fn from(slot: NextFreeSlot) -> Self {
        Self {
            id: slot.id,
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            duration_minutes: slot.ends_at.duration_since(slot.starts_at).as_mins(),
            time_zone: slot.zone,
            subject: slot.subject,
            lesson_type: slot.lesson_type,
            format: slot.format,
            price: slot.price,
        }
    }
}
