//! Starts rebuilds that continue after the response.

use std::sync::Arc;

use projection_runtime::{ProjectionRuntime, ReadModel, RebuildError};

use crate::app::App;
use crate::http::problem::Problem;

pub(super) fn find_read_model(
    app: &App,
    name: &str,
) -> Result<(Arc<ProjectionRuntime>, Arc<dyn ReadModel>), Problem> {
    let model = app.projections.read_model(name).ok_or_else(Problem::not_found)?;
    Ok((app.projections.clone(), model))
}

/// Starts a rebuild that outlives the request. Its state is in the database; a new run restarts it.
pub(super) fn spawn_rebuild<T>(
    app: &App,
    work: impl Future<Output = Result<T, RebuildError>> + Send + 'static,
) {
    let stopping = app.stopping.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the OS process; an interrupted rebuild leaves the live tables as they are"
    )]
    tokio::spawn(async move {
        tokio::select! {
            () = stopping.cancelled() => {}
            worked = work => if let Err(error) = worked {
                tracing::error!(error = %error, "rebuild failed");
            }
        }
    });
}
