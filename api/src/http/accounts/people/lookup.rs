//! `POST /people/lookup`: names and pictures of people whom the caller may know.

use axum::Json as Answer;
use axum::extract::State;
use domain::{AccountId, ObjectId, Reason, Role};
use projections::accounts::{Acquaintance, LookupReader, acquaintances, pseudonym};
use serde::{Deserialize, Serialize};

use crate::app::AppState;
use crate::http::accounts::view::avatar_url;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::problem::{FieldErrors, Problem};
use crate::http::request::RequestContext;
use crate::http::scheduling::lessons::view::first_name;

/// Largest number of ids in one request.
const IDS_MAX: usize = 100;

/// Accounts to look up.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookupRequest {
    /// At most 100.
    #[schema(value_type = Vec<uuid::Uuid>, max_items = 100)]
    ids: Vec<AccountId>,
}

/// People whom the caller may know.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct People {
    data: Vec<PersonView>,
}

/// Person beside an id.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Person)]
pub struct PersonView {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    /// A student sees only the first names of fellow students.
    name: String,
    avatar_url: Option<String>,
    /// `teacher` for a teacher, else `student` for a student, else the role of staff.
    #[schema(value_type = String)]
    role: Option<Role>,
}

/// Returns names and pictures of people.
///
/// Unknown accounts and accounts that the caller may not know are missing. A caller may know listed
/// teachers, the people of shared lessons and classes, and the participants of their conversations. Staff may
/// know every account.
///
/// Refusals: 422 `/ids` for more than 100 ids.
#[utoipa::path(
    post,
    path = "/people/lookup",
    tag = "me",
    request_body = LookupRequest,
    params(MinPosition),
    responses((status = 200, body = People)),
)]
pub async fn look_up_people(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    Json(LookupRequest { ids }): Json<LookupRequest>,
) -> Result<Answer<People>, Problem> {
    if ids.len() > IDS_MAX {
        let mut invalid = FieldErrors::default();
        invalid.push(Reason::field("/ids", "too_many").with("max", IDS_MAX));
        return Err(invalid.to_problem());
    }
    fresh.wait_for(&app, &["directory", "teacher_cards", "slots", "classes", "conversations"]).await?;
    let is_staff = |role: &Role| !matches!(role, Role::Student | Role::Teacher);
    let reader = LookupReader {
        account_id: caller.account_id,
        knows_everyone: caller.roles().iter().any(is_staff),
        sees_names: caller.roles().iter().any(|role| *role != Role::Student),
    };
    let people = acquaintances(&app.pool, reader, &ids).await?;
    Ok(Answer(People { data: people.into_iter().map(|row| person(row, &request)).collect() }))
}

fn person(row: Acquaintance, request: &RequestContext) -> PersonView {
    let name = row.name.map(|name| if row.in_full { name } else { first_name(&name) });
    let roles: Vec<Role> = row.roles.iter().filter_map(|role| Role::parse(role)).collect();
    let first = [Role::Teacher, Role::Student].into_iter().find(|role| roles.contains(role));
    PersonView {
        id: row.account_id,
        name: name.unwrap_or_else(|| pseudonym(row.account_id, request.language)),
        avatar_url: row.avatar.map(|id| avatar_url(ObjectId(id))),
        role: first.or_else(|| roles.first().copied()),
    }
}
