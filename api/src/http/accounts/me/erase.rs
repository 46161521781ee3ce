//! `DELETE /me`: erases the account of the caller.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use secrecy::SecretString;
use serde::Deserialize;

use crate::app::AppState;
use crate::http::accounts::erasure;
use crate::http::accounts::password::verify_password;
use crate::http::accounts::sessions::session_start::removal_cookie;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;

/// Confirmation by password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseAccountRequest {
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Erases the account.
///
/// Its subject key is destroyed. Personal data in the log and in NATS becomes unreadable.
/// Backups of the database from before keep it until they expire.
/// Credentials, sessions and pictures are deleted. The e-mail address and the nickname become free.
/// This cannot be undone.
/// Refusals: 403 `wrong_password`; 429 `too_many_attempts`.
#[utoipa::path(delete, path = "/me", tag = "me", request_body = EraseAccountRequest, params(Invocation), responses((status = 204)))]
pub async fn erase_me(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(request): Json<EraseAccountRequest>,
) -> Result<impl IntoResponse, Problem> {
    verify_password(&app, &caller, &request.password).await?;
    let reason = "own_request".to_owned();
    let position = erasure::erase_account(&app, caller.account_id, reason, invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(position), removal_cookie(&app)))
}
