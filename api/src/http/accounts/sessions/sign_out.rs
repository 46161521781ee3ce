//! `DELETE /session`: ends the session of this request.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::AccountCommand;
use domain::{Command, Dispatch};

use super::session_start::removal_cookie;
use crate::app::AppState;
use crate::auth::session;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// Signs out.
///
/// The session ends and its token becomes invalid.
#[utoipa::path(delete, path = "/session", tag = "session", params(Invocation), responses((status = 204)))]
pub async fn sign_out(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
) -> Result<impl IntoResponse, Problem> {
    let command = AccountCommand::SignOut { session_id: caller.session_id };
    let receipt =
        app.bus.dispatch(Command::Account(caller.account_id, command), invocation.context()).await?;
    session::delete(&app.pool, caller.account_id, caller.session_id).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), removal_cookie(&app)))
}
