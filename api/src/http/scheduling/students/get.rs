//! `GET /students/{id}`: returns a student of the calling teacher.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{Nickname, PersonName, Phone};
use domain::{AccountId, Personal};
use projections::scheduling;
use serde::Serialize;

use crate::app::AppState;
use crate::http::accounts::view::avatar_url;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Student as seen by their teachers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Student)]
pub struct StudentView {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    #[schema(value_type = Option<String>)]
    name: Option<PersonName>,
    #[schema(value_type = Option<String>)]
    nickname: Option<Nickname>,
    avatar_url: Option<String>,
    grade: Option<String>,
    age: Option<u8>,
    school: Option<String>,
    city: Option<String>,
    #[schema(value_type = Option<String>)]
    parent_name: Option<PersonName>,
    #[schema(value_type = Option<String>)]
    parent_phone: Option<Phone>,
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
    subjects: Vec<String>,
    goals: Vec<String>,
}

/// Returns a student of the calling teacher.
///
/// The student has or had a lesson with the teacher, or is in one of the teacher's classes. Other teachers
/// must not see the data of a child.
///
/// Refusals: 404 `not_found` for all other accounts.
#[utoipa::path(
    get,
    path = "/students/{id}",
    tag = "lessons",
    params(MinPosition, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = StudentView)),
)]
pub async fn get_student(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    Path(id): Path<AccountId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, &["slots", "classes"]).await?;
    if !scheduling::teaches(&app.pool, caller.account_id, id).await? {
        return Err(Problem::not_found());
    }
    let account = app.account(id).await?;
    let person = account.state.person().ok_or_else(Problem::not_found)?;
    let profile = person.profile.clone();
    Ok(Json(StudentView {
        id,
        name: profile.name.and_then(Personal::into_known),
        nickname: profile.nickname.and_then(Personal::into_known),
        avatar_url: person.avatar.map(avatar_url),
        grade: profile.grade,
        age: profile.age.and_then(Personal::into_known),
        school: profile.school.and_then(Personal::into_known),
        city: profile.city.and_then(Personal::into_known),
        parent_name: profile.parent_name.and_then(Personal::into_known),
        parent_phone: profile.parent_phone.and_then(Personal::into_known),
        phone: person.phone.clone().and_then(Personal::into_known),
        subjects: profile.subjects.unwrap_or_default(),
        goals: profile.goals.unwrap_or_default(),
    }))
}
