//! `GET /teachers`: the catalogue of teachers.

use axum::Json;
use axum::extract::State;
use domain::{Currency, Money};
use projections::accounts::{self, TeacherFilter, TeacherSort};

use super::filter::TeachersQuery;
use super::time_filter::AvailabilityFilter;
use super::view::{MODELS, TeacherCard};
use crate::app::AppState;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, parse_choice};
use crate::http::problem::Problem;

/// Lists the teachers of the catalogue.
#[utoipa::path(
    get,
    path = "/teachers",
    tag = "teachers",
    params(TeachersQuery, PageParams),
    responses((status = 200, body = Page<TeacherCard>)),
)]
pub async fn list_teachers(
    State(app): State<AppState>,
    fresh: MinPosition,
    query: ListQuery<TeachersQuery>,
) -> Result<Json<Page<TeacherCard>>, Problem> {
    let (filter, sort) = query.filter.parse_query()?;
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, &MODELS).await?;
    let now = app.clock.now();
    let page = accounts::teachers(&app.pool, &filter, sort, now, after, query.limit).await?;
    let total = match query.with_total {
        true => Some(accounts::count_teachers(&app.pool, &filter, now).await?),
        false => None,
    };
    Ok(Json(Page::from_read_model(page).with_total(total).map(TeacherCard::from)))
}

impl TeachersQuery {
    fn parse_query(&self) -> Result<(TeacherFilter, TeacherSort), Problem> {
        let currency = parse_choice("currency", self.currency.as_deref(), |text| {
            Currency::parse(text).filter(Currency::is_in_use)
        })?;
        let availability = AvailabilityFilter::parse(self)?;
        let sort = parse_choice("sort", self.sort.as_deref(), TeacherSort::parse)?.unwrap_or_default();
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
            available_from: availability.from,
            available_to: availability.to,
            time_of_day: availability.time_of_day,
        };
        Ok((filter, sort))
    }
}
