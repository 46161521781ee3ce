//! `POST /admin/projections/{name}/retry`: retries the event at which an event handler stopped.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::resume::resume_problem;
use crate::app::AppState;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Retries the event at which an event handler stopped.
///
/// An event handler is a read model or a process manager.
/// Refusals: 404 if no event handler of this name is stopped.
#[utoipa::path(
    post,
    path = "/admin/projections/{name}/retry",
    tag = "admin",
    params(("name" = String, Path)),
    responses((status = 204)),
)]
pub async fn retry_event(
    State(app): State<AppState>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    app.projections.retry_stopped(&name).await.map_err(resume_problem)?;
    Ok(StatusCode::NO_CONTENT)
}
