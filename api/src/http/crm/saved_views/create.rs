//! `POST /crm/views`: saves a view of the list of tickets.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff_sqlx::ToSqlx;
use uuid::Uuid;

use super::view::{SaveViewRequest, SavedView};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

/// Most views of one person.
const VIEWS_OF_ONE: i64 = 200;

/// Saves a view of the list of tickets.
///
/// Refusals: 422 per field; `/query` if the list of tickets does not accept it.
#[utoipa::path(post, path = "/crm/views", tag = "desk",
    request_body = SaveViewRequest, params(Invocation), responses((status = 201, body = SavedView)))]
pub async fn create_saved_view(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(new): Json<SaveViewRequest>,
) -> Result<impl IntoResponse, Problem> {
    let id = Uuid::new_v5(&invocation.context().command_id.uuid(), b"view");
    let ((name, query), updated_at) = (new.validate(&caller)?, app.clock.now());
    let stored = sqlx::query_scalar!(
        r#"with stored as (
             insert into desk.views (id, owner, name, shared, query, updated_at)
             select $1, $2, $3, $4, $5, $6
             where (select count(*) from desk.views where owner = $2) < $7
             on conflict (id) do nothing
             returning id
           )
           select exists (select from stored union all select from desk.views where id = $1) as "stored!""#,
        id,
        caller.account_id.uuid(),
        name,
        new.shared,
        query,
        updated_at.to_sqlx() as _,
        VIEWS_OF_ONE,
    )
    .fetch_one(&app.pool)
    .await?;
    if !stored {
        return Err(Problem::new("storage_used_up"));
    }
    let view = SavedView { id, name, shared: new.shared, query, own: true, updated_at };
    Ok((StatusCode::CREATED, Answer(view)))
}
