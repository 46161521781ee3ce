//! `POST /me/password`: changes the password and ends every other session of the account.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, Email};
use domain::{Command, Dispatch, Personal};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::app::AppState;
use crate::auth::{credentials, session};
use crate::http::accounts::password::verify_password;
use crate::http::accounts::view::AccountView;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::{FieldErrors, Problem};

/// The old and the new password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordRequest {
    #[schema(value_type = String, format = Password)]
    current_password: SecretString,
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128)]
    new_password: SecretString,
}

/// Changes the password and ends all other sessions.
///
/// Refusals: 403 `wrong_password`; 422 for a weak password; 429 `too_many_attempts`.
#[utoipa::path(
    post,
    path = "/me/password",
    tag = "me",
    request_body = ChangePasswordRequest,
    params(Invocation),
    responses((status = 200, body = AccountView)),
)]
pub async fn change_password(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(change): Json<ChangePasswordRequest>,
) -> Result<impl IntoResponse, Problem> {
    let new = &change.new_password;
    let person = &caller.person;
    let own = [
        person.email.known().map(Email::as_str).unwrap_or_default(),
        known(person.profile.nickname.as_ref()).map_or("", |nickname| nickname.as_str()),
        known(person.profile.name.as_ref()).map_or("", |name| name.as_str()),
    ];
    let mut invalid = FieldErrors::default();
    invalid.check_password("/new_password", new.expose_secret(), &own);
    invalid.ensure_empty()?;
    let stored = verify_password(&app, &caller, &change.current_password).await?;
    let hash = app.passwords.hash(new).await?;
    if !credentials::replace_password(&app.pool, caller.account_id, &stored, &hash).await? {
        return Err(Problem::new("wrong_password"));
    }
    let ended = session::delete_others(&app.pool, caller.account_id, Some(caller.session_id)).await?;
    let command = Command::Account(caller.account_id, AccountCommand::RecordPasswordChange);
    let mut position = app.bus.dispatch(command, invocation.context()).await?.position;
    for session_id in ended {
        let command = Command::Account(caller.account_id, AccountCommand::RevokeSession { session_id });
        let context = invocation.context_for(&format!("revoke:{session_id}"));
        position = app.bus.dispatch(command, context).await?.position;
    }
    let account = app.account(caller.account_id).await?;
    Ok((LogPosition(position), ETag(account.version), Answer(AccountView::load(&app.pool, &account).await?)))
}

fn known<T>(value: Option<&Personal<T>>) -> Option<&T> {
    value.and_then(Personal::known)
}
