//! `POST /admin/projections/{name}/rebuild`: starts a rebuild of a read model.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::background::{find_read_model, spawn_rebuild};
use crate::app::AppState;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Starts a rebuild of a read model.
///
/// New tables are filled beside the live ones, and replace them at the end.
/// `GET /admin/projections` shows the progress.
/// Refusals: 404 for an unknown read model.
#[utoipa::path(
    post,
    path = "/admin/projections/{name}/rebuild",
    tag = "admin",
    params(("name" = String, Path)),
    responses((status = 202)),
)]
pub async fn rebuild_read_model(
    State(app): State<AppState>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let (runtime, model) = find_read_model(&app, &name)?;
    spawn_rebuild(&app, async move { runtime.rebuild(model, Box::new(|_| {})).await });
    Ok(StatusCode::ACCEPTED)
}
