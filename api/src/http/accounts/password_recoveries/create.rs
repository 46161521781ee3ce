//! `POST /password-recoveries`: mails a link by which a person sets a new password.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use domain::accounts::{AccountCommand, Email, LinkPurpose};
use domain::{Command, CommandContext, Dispatch};
use serde::Deserialize;

use crate::app::{App, AppState};
use crate::auth::throttle::Bucket;
use crate::http::accounts::password::SignInRate;
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::problem::{FieldErrors, Problem};

/// Address of a person who has forgotten the password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoverPasswordRequest {
    #[schema(format = Email, max_length = 254)]
    email: String,
}

/// Mails a link to set a new password.
///
/// The response is the same for an unknown address. The link is valid once, for one hour.
///
/// Refusals: 422 for a malformed address; 429 `too_many_attempts`.
#[utoipa::path(
    post,
    path = "/password-recoveries",
    tag = "accounts",
    request_body = RecoverPasswordRequest,
    responses((status = 202)),
)]
pub async fn recover_password(
    State(app): State<AppState>,
    invocation: Invocation,
    Json(request): Json<RecoverPasswordRequest>,
) -> Result<StatusCode, Problem> {
    let mut invalid = FieldErrors::default();
    let Some(email) = invalid.check("/email", Email::parse(&request.email)) else {
        return Err(invalid.to_problem());
    };
    let rate = SignInRate::from_settings(&app);
    rate.take_attempt(&app, Bucket::RecoveryFromNetwork(invocation.request.network)).await?;
    rate.take_attempt(&app, Bucket::RecoveryOfAccount(&email.normalized())).await?;
    // The response does not wait, so that its time does not reveal whether the address has an account.
    #[expect(clippy::disallowed_methods, reason = "it ends with one command; who gets no mail asks again")]
    tokio::spawn(request_link(app, email, invocation.context()));
    Ok(StatusCode::ACCEPTED)
}

async fn request_link(app: Arc<App>, email: Email, context: CommandContext) {
    let requested = async {
        let Some(account_id) = app.registration().find_by_email(&email).await? else { return Ok(()) };
        let context = Invocation::on_behalf_of(context, account_id, None);
        let command = AccountCommand::RequestLink { purpose: LinkPurpose::PasswordRecovery };
        app.bus.dispatch(Command::Account(account_id, command), context).await?;
        Ok::<_, crate::auth::registration::RegistrationError>(())
    };
    if let Err(error) = requested.await {
        tracing::info!(%error, "no link for a new password was requested");
    }
}
