//! `DELETE /session`: signs out: the session ends, its token is worth nothing from now on.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::AccountCommand;
use domain::{Command, Dispatch};

use super::session_start::without_cookie;
use crate::app::Shared;
use crate::auth::session;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// Signs out: the session ends, its token is worth nothing from now on.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
pub async fn sign_out(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
) -> Result<impl IntoResponse, Problem> {
    let command = AccountCommand::SignOut { session_id: caller.session_id };
    let receipt = app.bus.dispatch(Command::Account(caller.account_id, command), asking.context()).await?;
    session::end(&app.pool, caller.account_id, caller.session_id).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), without_cookie(&app)))
}
