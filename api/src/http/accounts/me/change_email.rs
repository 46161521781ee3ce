//! `POST /me/email`: changes the e-mail address.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, Email};
use domain::{Command, Dispatch, DispatchError};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde::Deserialize;

use super::contact::{answer, parse};
use crate::app::Shared;
use crate::auth::credentials;
use crate::http::accounts::password::prove;
use crate::http::accounts::view::AccountView;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::cleanup::settle;
use crate::http::command_context::Asking;
use crate::http::problem::Problem;

/// Who signed in longer ago is asked for the password again.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// A new address; it is what one signs in with from then on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailChange {
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// Needed when the session is older than 15 minutes.
    #[schema(value_type = Option<String>, format = Password)]
    current_password: Option<SecretString>,
}

/// Changes the e-mail address.
/// Refusals: 403 `password_required`, `wrong_password`; 409 `email_taken`; 422 for a malformed one.
#[utoipa::path(
    post,
    path = "/me/email",
    tag = "me",
    request_body = EmailChange,
    responses((status = 200, body = AccountView)),
)]
pub async fn change_email(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(change): Json<EmailChange>,
) -> Result<impl IntoResponse, Problem> {
    let email = parse("/email", &change.email, Email::parse)?;
    match &change.current_password {
        Some(password) => {
            prove(&app, &caller, password).await?;
        }
        None if app.clock.now().duration_since(caller.signed_in_at) > FRESH => {
            return Err(Problem::new("password_required"));
        }
        None => {}
    }
    // Both addresses lead to the account until the log has decided which one it has.
    let mark = app.ids.next();
    credentials::unsettle(&app.pool, caller.account_id, mark).await?;
    credentials::add_email(&app.pool, &app.keys, caller.account_id, &email).await?;
    let command = Command::Account(caller.account_id, AccountCommand::ChangeEmail { email });
    let receipt = match app.bus.dispatch(command, asking.context()).await {
        Ok(receipt) => receipt,
        Err(error) => {
            // Whether an unavailable log has it, nobody knows: then the sweep decides.
            if !matches!(error, DispatchError::Unavailable(_)) {
                settle(&app, caller.account_id, mark).await?;
            }
            return Err(error.into());
        }
    };
    settle(&app, caller.account_id, mark).await?;
    answer(&app, &caller, receipt.position).await
}
