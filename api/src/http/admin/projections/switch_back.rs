//! `POST /admin/projections/{name}/switch-back`: restores the tables from before the last rebuild.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::background::{find_read_model, spawn_rebuild};
use crate::app::AppState;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Restores the tables from before the last rebuild.
///
/// They are first brought up to date with the log.
/// Refusals: 404 for an unknown read model.
#[utoipa::path(
    post,
    path = "/admin/projections/{name}/switch-back",
    tag = "admin",
    params(("name" = String, Path)),
    responses((status = 202)),
)]
pub async fn switch_back_read_model(
    State(app): State<AppState>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let (runtime, model) = find_read_model(&app, &name)?;
    spawn_rebuild(&app, async move { runtime.switch_back(model, Box::new(|_| {})).await });
    Ok(StatusCode::ACCEPTED)
}
