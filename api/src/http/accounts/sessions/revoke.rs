//! `DELETE /sessions/{id}`: ends one of one's sessions.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::AccountCommand;
use domain::{Command, Dispatch, SessionId};

use crate::app::Shared;
use crate::auth::session;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Ends one of one's sessions. 404 for what is no session of one's own.
#[utoipa::path(
    delete,
    path = "/sessions/{id}",
    tag = "session",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
pub async fn revoke(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(session_id): Path<SessionId>,
) -> Result<impl IntoResponse, Problem> {
    let own = session::of_account(&app.pool, caller.account_id, app.clock.now()).await?;
    if !own.iter().any(|session| session.session_id == session_id) {
        return Err(Problem::not_found());
    }
    let command = AccountCommand::RevokeSession { session_id };
    let receipt = app.bus.dispatch(Command::Account(caller.account_id, command), asking.context()).await?;
    session::end(&app.pool, caller.account_id, session_id).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
