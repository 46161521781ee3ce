//! `GET /students`: lists the students of the calling teacher.

use axum::Json;
use axum::extract::State;
use domain::AccountId;
use jiff::Timestamp;
use projections::accounts::pseudonym;
use projections::scheduling::{self, StudentSort, StudentSummary};
use serde::Deserialize;
use serde::Serialize;

use crate::app::AppState;
use crate::http::accounts::view::avatar_url;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{CountedListQuery, CountedPageParams, Page, parse_choice};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Filter and order of students.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StudentsQuery {
    /// Words of the name. Each must begin a word of the name.
    q: Option<String>,
    /// `name` (default), `next_lesson_at`, `-last_lesson_at` or `-lessons_held`.
    sort: Option<String>,
}

/// Student in the list of a teacher.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StudentSummary)]
pub struct StudentSummaryView {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    name: String,
    avatar_url: Option<String>,
    /// Start of the next lesson with this teacher that has not ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_lesson_at: Option<Timestamp>,
    /// Start of the last lesson that was held.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_lesson_at: Option<Timestamp>,
    /// Number of lessons that were held and that the student attended.
    lessons_held: u64,
}

/// Lists the students of the calling teacher.
///
/// The list has every student with a lesson of the teacher or in a class of the teacher, without erased
/// persons. `GET /students/{id}` has the contact data.
#[utoipa::path(
    get,
    path = "/students",
    tag = "lessons",
    params(MinPosition, StudentsQuery, CountedPageParams),
    responses((status = 200, body = Page<StudentSummaryView>)),
)]
pub async fn list_students(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    query: CountedListQuery<StudentsQuery>,
) -> Result<Json<Page<StudentSummaryView>>, Problem> {
    let sort = parse_choice("sort", query.filter.sort.as_deref(), StudentSort::parse)?.unwrap_or_default();
    let (after, q) = (query.parse_cursor()?, query.filter.q.as_deref());
    fresh.wait_for(&app, &["slots", "classes", "directory"]).await?;
    let now = app.clock.now();
    let (page, total) =
        scheduling::students_of(&app.pool, caller.account_id, q, sort, now, after, query.limit).await?;
    let view = |row: StudentSummary| StudentSummaryView {
        id: row.account_id,
        name: row.name.unwrap_or_else(|| pseudonym(row.account_id, request.language)),
        avatar_url: row.avatar.map(avatar_url),
        next_lesson_at: row.next_lesson_at,
        last_lesson_at: row.last_lesson_at,
        lessons_held: row.lessons_held.cast_unsigned(),
    };
    Ok(Json(Page::from_read_model(page).with_total(query.with_total.then_some(total)).map(view)))
}
