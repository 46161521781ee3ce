//! `POST /admin/projections/{name}/switch-back`: puts the tables that the last rebuild has set aside back in place, up to date.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::background::{in_background, model};
use crate::app::Shared;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Puts the tables that the last rebuild has set aside back in place, up to date.
#[utoipa::path(
    post,
    path = "/admin/projections/{name}/switch-back",
    tag = "admin",
    params(("name" = String, Path)),
    responses((status = 202)),
)]
pub async fn switch_back(
    State(app): State<Shared>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let (listeners, model) = model(&app, &name)?;
    in_background(&app, async move { listeners.switch_back(model, Box::new(|_| {})).await });
    Ok(StatusCode::ACCEPTED)
}
