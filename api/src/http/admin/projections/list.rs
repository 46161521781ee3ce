//! `GET /admin/projections`: status of read models, process managers, the relay and tasks.

use axum::Json as Answer;
use axum::extract::State;
use projection_runtime::{ProjectionStatus, StatusError};

use crate::app::AppState;
use crate::http::document::shapes::admin;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Returns the status of everything that follows the log.
///
/// It lists read models, process managers, relays and tasks. Read models have their lag and their last rebuild.
#[utoipa::path(get, path = "/admin/projections", tag = "admin", responses((status = 200, body = admin::ProjectionStatus)))]
pub async fn get_projections(
    State(app): State<AppState>,
    _: Query<NoFilter>,
) -> Result<Answer<ProjectionStatus>, Problem> {
    match app.projections.status().await {
        Ok(status) => Ok(Answer(status)),
        Err(StatusError::Database(_) | StatusError::Log(_)) => Err(Problem::unavailable()),
    }
}
