//! `/crm/views`: lists of tickets under a name, for oneself or for all agents.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::AccountId;
use domain::accounts::bounded_text;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::list::Filter;
use crate::app::Shared;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// The longest name, in characters.
const NAME_LIMIT: usize = 100;

/// A view as it is saved.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Whether all agents see it.
    #[serde(default)]
    shared: bool,
    /// The parameters of `GET /crm/tickets`, each a text: `{"status":"open,in_progress","assignee":"me"}`.
    #[schema(value_type = Object)]
    query: Map<String, Value>,
}

/// A saved view.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SavedView {
    id: Uuid,
    name: String,
    shared: bool,
    #[schema(value_type = Object)]
    query: Value,
    /// Whether it is the caller's own, to change and to throw away.
    own: bool,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// All that one sees.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SavedViews {
    data: Vec<SavedView>,
}

impl NewView {
    /// The name and the query as they are kept: only what a list would take.
    fn checked(&self, caller: &Caller) -> Result<(String, Value), Problem> {
        let name = bounded_text(&self.name, NAME_LIMIT, false);
        let name = name.map_err(|error| Problem::field("/name", error.code()))?;
        let query = Value::Object(self.query.clone());
        let filter: Filter =
            serde_json::from_value(query.clone()).map_err(|_| Problem::field("/query", "malformed"))?;
        filter.meant(caller).map_err(|_| Problem::field("/query", "unknown"))?;
        Ok((name, query))
    }
}

/// One's own views and the shared ones, by name.
#[utoipa::path(get, path = "/crm/views", operation_id = "views", tag = "desk",
    responses((status = 200, body = SavedViews)))]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let data = sqlx::query_as!(
        SavedView,
        r#"select id, name, shared, query, owner = $1 as "own!",
                  updated_at as "updated_at: jiff_sqlx::Timestamp"
           from desk.views
           where owner = $1 or shared
           order by name, id"#,
        caller.account_id.uuid(),
    );
    Ok(Answer(SavedViews { data: data.fetch_all(&app.pool).await? }))
}

/// Saves a view.
/// Refusals: 422 per field; `/query` where no list would take it.
#[utoipa::path(post, path = "/crm/views", operation_id = "save_view", tag = "desk",
    request_body = NewView, responses((status = 201, body = SavedView)))]
pub async fn save(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(new): Json<NewView>,
) -> Result<impl IntoResponse, Problem> {
    let id = Uuid::new_v5(&asking.context().command_id.uuid(), b"view");
    let ((name, query), updated_at) = (new.checked(&caller)?, app.clock.now());
    sqlx::query!(
        "insert into desk.views (id, owner, name, shared, query, updated_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do nothing",
        id,
        caller.account_id.uuid(),
        name,
        new.shared,
        query,
        updated_at.to_sqlx() as _,
    )
    .execute(&app.pool)
    .await?;
    let view = SavedView { id, name, shared: new.shared, query, own: true, updated_at };
    Ok((StatusCode::CREATED, Answer(view)))
}

/// Replaces one's own view.
/// Refusals: 404, also of others' views; 422 per field.
#[utoipa::path(put, path = "/crm/views/{id}", operation_id = "change_view", tag = "desk",
    params(("id" = Uuid, Path)), request_body = NewView, responses((status = 200, body = SavedView)))]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewView>,
) -> Result<impl IntoResponse, Problem> {
    let ((name, query), updated_at) = (new.checked(&caller)?, app.clock.now());
    let changed = sqlx::query!(
        "update desk.views set name = $3, shared = $4, query = $5, updated_at = $6
         where id = $1 and owner = $2",
        id,
        caller.account_id.uuid(),
        name,
        new.shared,
        query,
        updated_at.to_sqlx() as _,
    );
    if changed.execute(&app.pool).await?.rows_affected() == 0 {
        return Err(Problem::not_found());
    }
    Ok(Answer(SavedView { id, name, shared: new.shared, query, own: true, updated_at }))
}

/// Throws one's own view away; one that is not there, or not one's own, is not touched.
#[utoipa::path(delete, path = "/crm/views/{id}", operation_id = "drop_view", tag = "desk",
    params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn drop_view(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    let AccountId(owner) = caller.account_id;
    sqlx::query!("delete from desk.views where id = $1 and owner = $2", id, owner).execute(&app.pool).await?;
    Ok(StatusCode::NO_CONTENT)
}
