//! `GET /admin/projections`: status of read models, process managers, the relay and tasks.

use axum::Json as Answer;
use axum::extract::State;
use projection_runtime::{ProjectionStatus, StatusError};

use crate::app::AppState;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Returns the status of read models, process managers, relay and tasks.
///
/// It has position, lag in events and seconds, version, last error, and progress of a rebuild.
#[utoipa::path(get, path = "/admin/projections", tag = "admin", responses((status = 200, body = Object)))]
pub async fn get_projections(
    State(app): State<AppState>,
    _: Query<NoFilter>,
) -> Result<Answer<ProjectionStatus>, Problem> {
    match app.projections.status().await {
        Ok(status) => Ok(Answer(status)),
        Err(StatusError::Database(_) | StatusError::Log(_)) => Err(Problem::unavailable()),
    }
}
