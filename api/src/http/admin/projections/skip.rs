//! `POST /admin/projections/{name}/skip`: skips the event at which an event handler stopped.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::Position;
use serde::Deserialize;

use super::resume::resume_problem;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// The event to skip, with the reason.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkipRequest {
    /// Position at which the event handler stopped. Another position is refused.
    #[schema(value_type = u64)]
    position: Position,
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Skips the event at which an event handler stopped.
///
/// An event handler is a read model or a process manager. Actor and reason are recorded.
/// Refusals: 404 if the event handler is not stopped at this position; 422 `/reason`.
#[utoipa::path(
    post,
    path = "/admin/projections/{name}/skip",
    tag = "admin",
    params(("name" = String, Path)),
    request_body = SkipRequest,
    responses((status = 204)),
)]
pub async fn skip_event(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    Json(skip): Json<SkipRequest>,
) -> Result<impl IntoResponse, Problem> {
    let reason = domain::accounts::bounded_text(&skip.reason, 500, domain::accounts::Lines::Multi)
        .map_err(|error| Problem::field("/reason", error.code()))?;
    let actor = caller.account_id.to_string();
    app.projections.skip_event(&name, skip.position, &actor, &reason).await.map_err(resume_problem)?;
    Ok(StatusCode::NO_CONTENT)
}
