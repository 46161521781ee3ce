//! `POST /admin/projections/{name}/rebuild`: begins to build a read model anew beside the live tables; they are switched when it is done.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::background::{find_read_model, spawn_rebuild};
use crate::app::AppState;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Begins to build a read model anew beside the live tables; they are switched when it is done.
/// `GET /admin/projections` shows the progress. 404 for a name that no read model has.
#[utoipa::path(
    post,
    path = "/admin/projections/{name}/rebuild",
    tag = "admin",
    params(("name" = String, Path)),
    responses((status = 202)),
)]
pub async fn rebuild(
    State(app): State<AppState>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let (runtime, model) = find_read_model(&app, &name)?;
    spawn_rebuild(&app, async move { runtime.rebuild(model, Box::new(|_| {})).await });
    Ok(StatusCode::ACCEPTED)
}
