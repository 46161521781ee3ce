//! `DELETE /sessions/{id}`: ends a session of the caller.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::AccountCommand;
use domain::{Command, Dispatch, SessionId};

use crate::app::AppState;
use crate::auth::session;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Ends a session of the caller.
///
/// Refusals: 404 if the caller has no such session.
#[utoipa::path(
    delete,
    path = "/sessions/{id}",
    tag = "session",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub async fn revoke_session(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(session_id): Path<SessionId>,
) -> Result<impl IntoResponse, Problem> {
    if !session::exists(&app.pool, caller.account_id, session_id, app.clock.now()).await? {
        return Err(Problem::not_found());
    }
    let command = AccountCommand::RevokeSession { session_id };
    let receipt =
        app.bus.dispatch(Command::Account(caller.account_id, command), invocation.context()).await?;
    session::delete(&app.pool, caller.account_id, session_id).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
