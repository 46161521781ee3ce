//! `POST /password-recoveries/{token}`: sets a new password by a mailed link.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, Email};
use domain::{AccountId, Command, Dispatch, Personal, Position};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::app::{App, AppState};
use crate::auth::{account_links, credentials, session};
use crate::http::accounts::email_verifications::redeem::{load_addressee, unknown_link};
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::{FieldErrors, Problem};

/// New password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPasswordRequest {
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128)]
    new_password: SecretString,
}

/// Result of a recovery.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RecoveredPassword {
    /// Number of sessions that ended.
    sessions_ended: usize,
}

/// Sets a new password by a mailed link.
///
/// It ends all sessions. The link is that of a recovery or of an invitation. It also verifies the address that it was mailed to.
///
/// Refusals: 404 `link_not_found` if the link is unknown, used or expired; 422 for a weak password.
#[utoipa::path(
    post,
    path = "/password-recoveries/{token}",
    tag = "accounts",
    params(("token" = String, Path)),
    request_body = SetPasswordRequest,
    responses((status = 200, body = RecoveredPassword)),
)]
pub async fn set_recovered_password(
    State(app): State<AppState>,
    invocation: Invocation,
    Path(token): Path<String>,
    Json(request): Json<SetPasswordRequest>,
) -> Result<impl IntoResponse, Problem> {
    let link = account_links::find(&app.pool, &token, app.clock.now()).await?;
    let link = link.filter(|link| link.purpose.sets_password()).ok_or_else(unknown_link)?;
    let person = load_addressee(&app, &link).await?.ok_or_else(unknown_link)?;
    let known = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let own = [
        known(person.email.known().map(Email::as_str)),
        known(person.profile.nickname.as_ref().and_then(Personal::known).map(|nickname| nickname.as_str())),
        known(person.profile.name.as_ref().and_then(Personal::known).map(|name| name.as_str())),
    ];
    let mut invalid = FieldErrors::default();
    let password = request.new_password.expose_secret();
    invalid.check_password("/new_password", password, &own.each_ref().map(String::as_str));
    invalid.ensure_empty()?;
    let hash = app.passwords.hash(&request.new_password).await?;
    if !account_links::consume(&app.pool, link.account_id, &token).await? {
        return Err(unknown_link());
    }
    credentials::set_password(&app.pool, link.account_id, &hash).await?;
    let (position, sessions_ended) = record(&app, &invocation, link.account_id).await?;
    Ok((LogPosition(position), Answer(RecoveredPassword { sessions_ended })))
}

/// Ends all sessions of the account and records the changes.
async fn record(
    app: &App,
    invocation: &Invocation,
    account_id: AccountId,
) -> Result<(Position, usize), Problem> {
    let ended = session::delete_others(&app.pool, account_id, None).await?;
    let count = ended.len();
    let revocations = ended.into_iter().map(|session_id| AccountCommand::RevokeSession { session_id });
    let commands = [AccountCommand::VerifyEmail, AccountCommand::RecordPasswordChange];
    let mut position = Position(0);
    for (number, command) in commands.into_iter().chain(revocations).enumerate() {
        let context = invocation.context_for(&format!("recover:{number}"));
        let context = Invocation::on_behalf_of(context, account_id, None);
        let receipt = app.bus.dispatch(Command::Account(account_id, command), context).await?;
        position = position.max(receipt.position);
    }
    Ok((position, count))
}
