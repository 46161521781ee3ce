//! `GET /teachers`: the catalogue of teachers.

use axum::Json;
use axum::extract::State;
use domain::{Currency, Money};
use projections::accounts::{self, TeacherFilter, TeacherSort};

use super::filter::Filter;
use super::time_filter::When;
use super::view::{MODELS, TeacherCard};
use crate::app::Shared;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, chosen};
use crate::http::problem::Problem;

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
