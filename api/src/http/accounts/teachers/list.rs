//! `GET /teachers`: the catalogue of teachers.

use axum::Json;
use axum::extract::State;
use domain::{Currency, DURATIONS_MINUTES, Money, Vocabulary};
use projection_runtime::text_search::SearchText;
use projections::accounts::{self, TeacherFilter, TeacherSort};

use super::filter::TeachersQuery;
use super::time_filter::AvailabilityFilter;
use super::view::{MODELS, TeacherCard};
use crate::app::AppState;
use crate::http::freshness::MinPosition;
use crate::http::page::{
    CountedListQuery, CountedPageParams, Page, out_of_range, parse_choice, parse_code, parse_dictionary_code,
    unknown_value,
};
use crate::http::problem::Problem;

/// Lists the teachers of the catalogue.
#[utoipa::path(
    get,
    path = "/teachers",
    tag = "teachers",
    params(MinPosition, TeachersQuery, CountedPageParams),
    responses((status = 200, body = Page<TeacherCard>)),
)]
pub async fn list_teachers(
    State(app): State<AppState>,
    fresh: MinPosition,
    query: CountedListQuery<TeachersQuery>,
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
        let sort = parse_code::<TeacherSort>("sort", self.sort.as_deref())?.unwrap_or_default();
        if self.duration.is_some_and(|minutes| !DURATIONS_MINUTES.contains(&minutes)) {
            return Err(unknown_value("duration", Vocabulary::Durations.codes()));
        }
        if self.min_rating.is_some_and(|rating| !(1.0..=5.0).contains(&rating)) {
            return Err(out_of_range("min_rating", 1, 5));
        }
        if self.max_price.is_some_and(|amount| amount < 0) {
            return Err(out_of_range("max_price", 0, i64::MAX));
        }
        let max_price =
            self.max_price.map(|amount| Money { amount, currency: currency.unwrap_or(Currency::RUB) });
        let filter = TeacherFilter {
            subject: parse_dictionary_code("subject", self.subject.as_deref(), Vocabulary::Subjects)?,
            grade: parse_dictionary_code("grade", self.grade.as_deref(), Vocabulary::Grades)?,
            goal: parse_dictionary_code("goal", self.goal.as_deref(), Vocabulary::Goals)?,
            experience: parse_dictionary_code(
                "experience",
                self.experience.as_deref(),
                Vocabulary::TeacherExperience,
            )?,
            format: parse_dictionary_code("format", self.format.as_deref(), Vocabulary::Formats)?,
            duration: self.duration,
            lesson_type: parse_dictionary_code(
                "lesson_type",
                self.lesson_type.as_deref(),
                Vocabulary::LessonTypes,
            )?,
            city: self.city.clone(),
            min_rating: self.min_rating,
            max_price,
            currency,
            takes_requests: self.takes_requests,
            q: self.q.as_deref().map(SearchText::from),
            has_free_slots: self.has_free_slots,
            available_from: availability.from,
            available_to: availability.to,
            time_of_day: availability.time_of_day,
        };
        Ok((filter, sort))
    }
}
