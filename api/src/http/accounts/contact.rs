//! `POST /me/email`, `POST /me/phone`: how one is reached.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, Email, Phone};
use domain::{Command, Dispatch, DispatchError};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde::Deserialize;

use super::password::prove;
use super::view::AccountView;
use crate::app::{App, Shared};
use crate::auth::credentials;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::cleanup::settle;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::problem::{Invalid, Problem};

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

/// A new number, or null for none.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneChange {
    phone: Option<String>,
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

/// Changes the telephone number, or takes it away.
#[utoipa::path(
    post,
    path = "/me/phone",
    tag = "me",
    request_body = PhoneChange,
    responses((status = 200, body = AccountView)),
)]
pub async fn change_phone(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(change): Json<PhoneChange>,
) -> Result<impl IntoResponse, Problem> {
    let phone = change.phone.as_deref().map(|text| parse("/phone", text, Phone::parse)).transpose()?;
    let command = Command::Account(caller.account_id, AccountCommand::ChangePhone { phone });
    let receipt = app.bus.dispatch(command, asking.context()).await?;
    answer(&app, &caller, receipt.position).await
}

fn parse<T>(
    pointer: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, domain::accounts::ValueError>,
) -> Result<T, Problem> {
    let mut invalid = Invalid::default();
    invalid.check(pointer, parse(text)).ok_or_else(|| invalid.problem())
}

async fn answer(app: &App, caller: &Caller, position: u64) -> Result<impl IntoResponse + use<>, Problem> {
    let account = app.account(caller.account_id).await?;
    Ok((LogPosition(position), Version(account.version), Answer(AccountView::of(&account)?)))
}
