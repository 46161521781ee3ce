//! `POST /session`: signs in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commands::LoadedAggregate;
use domain::accounts::{Account, AccountCommand, Email};
use domain::{AccountId, Command, Dispatch, SessionId};
use secrecy::SecretString;
use serde::Deserialize;

use super::session_start::{StartedSession, start_session};
use crate::app::{App, AppState};
use crate::auth::credentials;
use crate::auth::password::PasswordMatch;
use crate::auth::throttle::Scope;
use crate::http::accounts::password::{SignInRate, rehash_password};
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

/// E-mail address and password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    #[schema(format = Email)]
    email: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Account that has an e-mail address, with its stored password hash.
struct AddressOwner {
    account_id: AccountId,
    account: LoadedAggregate<Account>,
    password_hash: String,
}

/// Signs in and starts a session.
///
/// Refusals: 401 `invalid_credentials`, both for an unknown address and for a wrong password;
/// 403 `account_suspended`; 429 `too_many_attempts`.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = SignInRequest,
    responses((status = 200, body = StartedSession)),
)]
pub async fn sign_in(
    State(app): State<AppState>,
    invocation: Invocation,
    Json(request): Json<SignInRequest>,
) -> Result<Response, Problem> {
    let email = Email::parse(&request.email).ok();
    let who = email.as_ref().map_or_else(|| request.email.trim().to_lowercase(), Email::normalized);
    let from = invocation.request.address.to_string();
    let rate = SignInRate::from_settings(&app);
    rate.take_attempt(&app, Scope::SignInFromAddress, &from).await?;
    rate.take_attempt(&app, Scope::SignInOfAccount, &who).await?;

    let owner = match &email {
        Some(email) => find_owner(&app, email).await?,
        None => None,
    };
    let stored = owner.as_ref().map(|owner| owner.password_hash.clone());
    let verdict = app.passwords.verify(&request.password, stored).await?;
    let (Some(owner), PasswordMatch::Right { outdated }) = (&owner, verdict) else {
        if let Some(owner) = &owner {
            record_failure(&app, &invocation, owner).await;
        }
        return Err(Problem::new("invalid_credentials"));
    };
    rate.return_attempt(&app, Scope::SignInFromAddress, &from).await?;
    rate.return_attempt(&app, Scope::SignInOfAccount, &who).await?;
    if outdated {
        rehash_password(&app, owner.account_id, &owner.password_hash, &request.password).await?;
    }
    let session_id = SessionId(app.ids.next());
    let user_agent = invocation.request.user_agent.clone();
    let command = AccountCommand::RecordSignIn { session_id, user_agent: user_agent.clone() };
    // Each token has its own sign-in event, also if an idempotency key is repeated.
    let context = invocation.context_for(&format!("sign-in:{session_id}"));
    let context = Invocation::on_behalf_of(context, owner.account_id, primary_role(&owner.account));
    let receipt = app.bus.dispatch(Command::Account(owner.account_id, command), context).await?;
    start_session(&app, StatusCode::OK, owner.account_id, session_id, &user_agent, receipt.position).await
}

/// Returns the candidate whose account state has this address. At most one has it.
async fn find_owner(app: &App, email: &Email) -> Result<Option<AddressOwner>, Problem> {
    let wanted = email.normalized();
    for candidate in credentials::candidates(&app.pool, &app.keys, email).await? {
        let account = app.account(candidate.account_id).await?;
        let held = account.state.person().and_then(|person| person.email.known()).map(Email::normalized);
        if held.as_ref() == Some(&wanted) {
            let credentials::Candidate { account_id, password_hash } = candidate;
            return Ok(Some(AddressOwner { account_id, account, password_hash }));
        }
    }
    Ok(None)
}

/// Records the failure for the owner of the account. An error here does not change the response.
async fn record_failure(app: &App, invocation: &Invocation, owner: &AddressOwner) {
    let command = AccountCommand::RecordSignInFailure { user_agent: invocation.request.user_agent.clone() };
    let context = invocation.context_for(&format!("failure:{}", app.ids.next()));
    let context = domain::CommandContext { actor: domain::Actor::system("sign-in"), ..context };
    if let Err(error) = app.bus.dispatch(Command::Account(owner.account_id, command), context).await {
        tracing::warn!(%error, "cannot record a failed sign-in");
    }
}

fn primary_role(account: &LoadedAggregate<Account>) -> Option<domain::Role> {
    account.state.person().and_then(|person| person.roles.first().copied())
}
