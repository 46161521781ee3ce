//! `POST /session`: signs in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commands::LoadedAggregate;
use domain::accounts::{Account, AccountCommand, Email};
use domain::{AccountId, Command, Dispatch, SessionId};
use secrecy::SecretString;
use serde::Deserialize;

use super::session_start::{SignedIn, start};
use crate::app::{App, Shared};
use crate::auth::credentials;
use crate::auth::password::Verdict;
use crate::auth::throttle::Scope;
use crate::http::accounts::password::{SignInRate, rehash};
use crate::http::body::Json;
use crate::http::command_context::Asking;
use crate::http::problem::Problem;

/// Who signs in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    #[schema(format = Email)]
    email: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// The account that has an address, with its stored hash.
struct Owner {
    account_id: AccountId,
    account: LoadedAggregate<Account>,
    password_hash: String,
}

/// Signs in. Refusals: 401 `invalid_credentials`, whether the address or the password is wrong;
/// 403 `account_suspended`; 429 `too_many_attempts`.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = Credentials,
    responses((status = 200, body = SignedIn)),
)]
pub async fn sign_in(
    State(app): State<Shared>,
    asking: Asking,
    Json(given): Json<Credentials>,
) -> Result<Response, Problem> {
    let email = Email::parse(&given.email).ok();
    let who = email.as_ref().map_or_else(|| given.email.trim().to_lowercase(), Email::normalized);
    let from = asking.request.address.to_string();
    let rate = SignInRate::of(&app);
    rate.take(&app, Scope::SignInFromAddress, &from).await?;
    rate.take(&app, Scope::SignInOfAccount, &who).await?;

    let owner = match &email {
        Some(email) => owner_of(&app, email).await?,
        None => None,
    };
    let stored = owner.as_ref().map(|owner| owner.password_hash.clone());
    let verdict = app.passwords.verify(&given.password, stored).await?;
    let (Some(owner), Verdict::Right { outdated }) = (&owner, verdict) else {
        if let Some(owner) = &owner {
            note_failure(&app, &asking, owner).await;
        }
        return Err(Problem::new("invalid_credentials"));
    };
    rate.give_back(&app, Scope::SignInFromAddress, &from).await?;
    rate.give_back(&app, Scope::SignInOfAccount, &who).await?;
    if outdated {
        rehash(&app, owner.account_id, &owner.password_hash, &given.password).await?;
    }
    let session_id = SessionId(app.ids.next());
    let user_agent = asking.request.user_agent.clone();
    let command = AccountCommand::RecordSignIn { session_id, user_agent: user_agent.clone() };
    // Every token has a sign-in of its own, also when an idempotency key is sent again.
    let context = asking.context_for(&format!("sign-in:{session_id}"));
    let context = Asking::as_account(context, owner.account_id, role_of(&owner.account));
    let receipt = app.bus.dispatch(Command::Account(owner.account_id, command), context).await?;
    start(&app, StatusCode::OK, owner.account_id, session_id, &user_agent, receipt.position).await
}

/// Of the accounts that an address may mean, the one that says it has it: at most one does.
async fn owner_of(app: &App, email: &Email) -> Result<Option<Owner>, Problem> {
    let wanted = email.normalized();
    for candidate in credentials::candidates(&app.pool, &app.keys, email).await? {
        let account = app.account(candidate.account_id).await?;
        let held = account.state.person().and_then(|person| person.email.known()).map(Email::normalized);
        if held.as_ref() == Some(&wanted) {
            let credentials::Candidate { account_id, password_hash } = candidate;
            return Ok(Some(Owner { account_id, account, password_hash }));
        }
    }
    Ok(None)
}

/// For the person to see; that it could not be noted changes nothing about the answer.
async fn note_failure(app: &App, asking: &Asking, owner: &Owner) {
    let command = AccountCommand::RecordSignInFailure { user_agent: asking.request.user_agent.clone() };
    let context = asking.context_for(&format!("failure:{}", app.ids.next()));
    let context = domain::Context { actor: domain::Actor::system("sign-in"), ..context };
    if let Err(error) = app.bus.dispatch(Command::Account(owner.account_id, command), context).await {
        tracing::warn!(%error, "a failed sign-in could not be recorded");
    }
}

fn role_of(account: &LoadedAggregate<Account>) -> Option<domain::Role> {
    account.state.person().and_then(|person| person.roles.first().copied())
}
