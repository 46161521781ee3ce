//! `POST /me/email`: changes the e-mail address.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, Email};
use domain::{Command, Dispatch, DispatchError};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde::Deserialize;

use super::contact::{parse_contact, respond_with_account};
use crate::app::AppState;
use crate::auth::credentials;
use crate::http::accounts::password::verify_password;
use crate::http::accounts::view::AccountView;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::cleanup::reconcile_account;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

/// Age of a session from which the password is required again.
const PASSWORD_NOT_REQUIRED_FOR: SignedDuration = SignedDuration::from_mins(15);

/// A new e-mail address. It is used for sign-in from then on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeEmailRequest {
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// Required if the session is older than 15 minutes.
    #[schema(value_type = Option<String>, format = Password)]
    current_password: Option<SecretString>,
}

/// Changes the e-mail address.
///
/// Refusals: 403 `password_required`, `wrong_password`; 409 `email_taken`; 422 for a malformed address.
#[utoipa::path(
    post,
    path = "/me/email",
    tag = "me",
    request_body = ChangeEmailRequest,
    params(Invocation),
    responses((status = 200, body = AccountView)),
)]
pub async fn change_email(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(change): Json<ChangeEmailRequest>,
) -> Result<impl IntoResponse, Problem> {
    let email = parse_contact("/email", &change.email, Email::parse)?;
    match &change.current_password {
        Some(password) => {
            verify_password(&app, &caller, password).await?;
        }
        None if app.clock.now().duration_since(caller.signed_in_at) > PASSWORD_NOT_REQUIRED_FOR => {
            return Err(Problem::new("password_required"));
        }
        None => {}
    }
    // Both addresses find the account until the log has decided between them.
    let mark = app.ids.next();
    credentials::mark_pending(&app.pool, caller.account_id, mark).await?;
    credentials::add_email(&app.pool, &app.keys, caller.account_id, &email).await?;
    let command = Command::Account(caller.account_id, AccountCommand::ChangeEmail { email });
    let receipt = match app.bus.dispatch(command, invocation.context()).await {
        Ok(receipt) => receipt,
        Err(error) => {
            // It is unknown if an unavailable log has the event: then the cleanup decides later.
            if !matches!(error, DispatchError::Unavailable(_)) {
                reconcile_account(&app, caller.account_id, mark).await?;
            }
            return Err(error.into());
        }
    };
    reconcile_account(&app, caller.account_id, mark).await?;
    respond_with_account(&app, &caller, receipt.position).await
}
