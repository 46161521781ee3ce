//! `GET /lessons`: lists the caller's lessons.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use domain::AccountId;
use projections::scheduling::{self, LessonFilter, LessonRole, LessonRow, LessonSort, LessonStatus};
use serde::Deserialize;

use super::view::{LessonView, Viewer, build_viewer};
use crate::app::{App, AppState};
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, TimestampParam, invalid_parameter, parse_code};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Filter and order of lessons.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LessonsQuery {
    /// `scheduled`, `started`, `completed` or `cancelled`.
    status: Option<String>,
    /// Lessons that end after this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<TimestampParam>,
    /// Lessons that start before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<TimestampParam>,
    /// Role of the caller in the lesson: `student` or `teacher`.
    role: Option<String>,
    /// Id of the other person: the teacher of a student, or a student of a teacher.
    #[param(value_type = Option<uuid::Uuid>)]
    with: Option<String>,
    /// `starts_at` (default) or `-starts_at`.
    sort: Option<String>,
}

/// Lists the caller's lessons, in order of time.
///
/// The list has the lessons of which the caller is the teacher or a student. With `from` and `to` it has
/// every lesson that overlaps `[from, to)`.
#[utoipa::path(
    get,
    path = "/lessons",
    tag = "lessons",
    params(MinPosition, LessonsQuery, PageParams),
    responses((status = 200, body = Page<LessonView>)),
)]
pub async fn list_lessons(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    query: ListQuery<LessonsQuery>,
) -> Result<Json<Page<LessonView>>, Problem> {
    let (filter, sort) = query.filter.parse_query()?;
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, &["slots", "directory"]).await?;
    let page =
        scheduling::lessons_of(&app.pool, caller.account_id, &filter, sort, after, query.limit).await?;
    let mut page = Page::from_read_model(page);
    let rows = std::mem::take(&mut page.data);
    let data = view_lessons(&app, rows, build_viewer(&app, &caller, &request)).await?;
    Ok(Json(Page { data, page: page.page }))
}

/// Builds the views of lessons for a person, with the names of all people in them.
pub(in crate::http) async fn view_lessons(
    app: &App,
    rows: Vec<LessonRow>,
    viewer: Viewer,
) -> Result<Vec<LessonView>, Problem> {
    let people: BTreeSet<AccountId> = rows.iter().flat_map(participants_of).collect();
    let people: Vec<AccountId> = people.into_iter().collect();
    let names = scheduling::names_of(&app.pool, &people).await?;
    Ok(rows.iter().filter_map(|row| LessonView::for_viewer(row, viewer, &names)).collect())
}

impl LessonsQuery {
    fn parse_query(&self) -> Result<(LessonFilter, LessonSort), Problem> {
        let with = |text: &str| text.parse::<AccountId>().ok();
        let filter = LessonFilter {
            from: self.from.map(|moment| moment.0),
            to: self.to.map(|moment| moment.0),
            status: parse_code::<LessonStatus>("status", self.status.as_deref())?,
            role: parse_code::<LessonRole>("role", self.role.as_deref())?,
            with: self
                .with
                .as_deref()
                .map(|text| with(text).ok_or_else(|| invalid_parameter("with", "malformed")))
                .transpose()?,
            awaits_answer_at: None,
        };
        let sort = parse_code::<LessonSort>("sort", self.sort.as_deref())?;
        Ok((filter, sort.unwrap_or_default()))
    }
}

fn participants_of(row: &LessonRow) -> impl Iterator<Item = AccountId> {
    row.bookings.iter().map(|booking| booking.student).chain([row.slot.teacher])
}
