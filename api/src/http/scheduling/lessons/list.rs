//! `GET /lessons`: lists the caller's lessons.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use domain::AccountId;
use projections::scheduling::{self, LessonRow, LessonStatus, TimeFilter};
use serde::Deserialize;

use super::view::{LessonView, build_viewer};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, TimestampParam, parse_choice};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Filter of lessons: start in `[from, to)`, and status.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LessonsQuery {
    /// `scheduled`, `started`, `completed` or `cancelled`.
    status: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<TimestampParam>,
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<TimestampParam>,
}

/// Lists the caller's lessons, in order of time.
///
/// The list has the lessons of which the caller is the teacher or a student.
#[utoipa::path(
    get,
    path = "/lessons",
    tag = "lessons",
    params(LessonsQuery, PageParams),
    responses((status = 200, body = Page<LessonView>)),
)]
pub async fn list_lessons(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    query: ListQuery<LessonsQuery>,
) -> Result<Json<Page<LessonView>>, Problem> {
    let status = parse_choice("status", query.filter.status.as_deref(), LessonStatus::parse)?;
    let filter = TimeFilter {
        from: query.filter.from.map(|moment| moment.0),
        to: query.filter.to.map(|moment| moment.0),
        status: status.map(LessonStatus::as_str),
    };
    let after = query.parse_cursor()?;
    fresh.wait_for(&app, &["slots", "directory"]).await?;
    let page = scheduling::lessons_of(&app.pool, caller.account_id, &filter, after, query.limit).await?;
    let people: BTreeSet<AccountId> = page.rows.iter().flat_map(participants_of).collect();
    let people: Vec<AccountId> = people.into_iter().collect();
    let names = scheduling::names_of(&app.pool, &people).await?;
    let viewer = build_viewer(&app, &caller, &request);
    let mut views = Page::from_read_model(page).map(|row| LessonView::for_viewer(&row, viewer, &names));
    let data = std::mem::take(&mut views.data).into_iter().flatten().collect();
    Ok(Json(Page { data, page: views.page }))
}

fn participants_of(row: &LessonRow) -> impl Iterator<Item = AccountId> {
    row.bookings.iter().map(|booking| booking.student).chain([row.slot.teacher])
}
