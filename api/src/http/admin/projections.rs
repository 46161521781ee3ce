//! `/admin/projections`: how everything that listens stands; built anew, tried again, led past an event.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use projection_runtime::{ProjectionRuntime, ReadModel, RebuildError, ResumeError, Status, StatusError};
use serde::Deserialize;

use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Read models, processes, the relay and tasks: position, lag in events and seconds, version, last
/// error, progress of a rebuild.
#[utoipa::path(get, path = "/admin/projections", tag = "admin", responses((status = 200, body = Object)))]
pub async fn projections(State(app): State<Shared>, _: Query<NoFilter>) -> Result<Answer<Status>, Problem> {
    match app.projections.status().await {
        Ok(status) => Ok(Answer(status)),
        Err(StatusError::Database(_) | StatusError::Log(_)) => Err(Problem::unavailable()),
    }
}

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
    State(app): State<Shared>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let (listeners, model) = model(&app, &name)?;
    in_background(&app, async move { listeners.rebuild(model, Box::new(|_| {})).await });
    Ok(StatusCode::ACCEPTED)
}

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

/// Lets a stopped read model or process try the event again at which it stands.
/// 404 when nothing of that name is stopped.
#[utoipa::path(
    post,
    path = "/admin/projections/{name}/retry",
    tag = "admin",
    params(("name" = String, Path)),
    responses((status = 204)),
)]
pub async fn retry(
    State(app): State<Shared>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    app.projections.retry(&name).await.map_err(resume_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The event to leave out, and why.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkipRequest {
    /// The position at which it stands; anything else is refused.
    position: u64,
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Leads a stopped read model or process past the event at which it stands. Actor and reason are kept.
/// 404 when it is not stopped at that position.
#[utoipa::path(
    post,
    path = "/admin/projections/{name}/skip",
    tag = "admin",
    params(("name" = String, Path)),
    request_body = SkipRequest,
    responses((status = 204)),
)]
pub async fn skip(
    State(app): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
    Json(skip): Json<SkipRequest>,
) -> Result<impl IntoResponse, Problem> {
    let reason = domain::accounts::bounded_text(&skip.reason, 500, true)
        .map_err(|error| Problem::field("/reason", error.code()))?;
    let actor = caller.account_id.to_string();
    app.projections.skip(&name, skip.position, &actor, &reason).await.map_err(resume_problem)?;
    Ok(StatusCode::NO_CONTENT)
}

fn model(app: &App, name: &str) -> Result<(Arc<ProjectionRuntime>, Arc<dyn ReadModel>), Problem> {
    let model = app.projections.read_model(name).ok_or_else(Problem::not_found)?;
    Ok((app.projections.clone(), model))
}

/// A rebuild outlives the request; its state is in the database, and one that is cut off is begun again.
fn in_background<T>(app: &App, work: impl Future<Output = Result<T, RebuildError>> + Send + 'static) {
    let stopping = app.stopping.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the process; a rebuild cut off leaves nothing live"
    )]
    tokio::spawn(async move {
        tokio::select! {
            () = stopping.cancelled() => {}
            worked = work => if let Err(error) = worked {
                tracing::error!(error = %error, "a rebuild did not come to its end");
            }
        }
    });
}

fn resume_problem(error: ResumeError) -> Problem {
    match error {
        ResumeError::Database(_) => Problem::unavailable(),
        _ => Problem::not_found(),
    }
}
