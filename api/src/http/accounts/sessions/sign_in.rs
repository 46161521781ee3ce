//! `POST /session`: signs in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commands::LoadedAggregate;
use domain::accounts::{Account, AccountCommand, Email};
use domain::{AccountId, Command, Dispatch};
use secrecy::SecretString;
use serde::Deserialize;

use super::session_start::{StartedSession, VerifiedPerson, begin_session, respond_with_session};
use crate::app::{App, AppState};
use crate::auth::known_places::{self, Place};
use crate::auth::password::PasswordMatch;
use crate::auth::throttle::Bucket;
use crate::auth::{credentials, session};
use crate::http::accounts::password::{SignInRate, rehash_password};
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

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
/// 429 `too_many_attempts`. A suspended person signs in too, to read, export and erase what is theirs.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = SignInRequest,
    params(Invocation),
    responses((status = 200, body = StartedSession)),
)]
pub async fn sign_in(
    State(app): State<AppState>,
    invocation: Invocation,
    Json(request): Json<SignInRequest>,
) -> Result<Response, Problem> {
    let email = Email::parse(&request.email).ok();
    let who = email.as_ref().map_or_else(|| request.email.trim().to_lowercase(), Email::normalized);
    let rate = SignInRate::from_settings(&app);
    let known_browser = find_known_browser(&app, email.as_ref(), &invocation.request).await?;
    let buckets = buckets(&app, email.as_ref(), &who, known_browser.as_ref(), &invocation.request).await?;
    for bucket in &buckets {
        rate.take_attempt(&app, *bucket).await?;
    }

    let owner = match &email {
        Some(email) => find_owner(&app, email).await?,
        None => None,
    };
    let stored = owner.as_ref().map(|owner| owner.password_hash.clone());
    let verdict = app.passwords.verify(&request.password, stored).await?;
    let (Some(owner), Some(email), PasswordMatch::Right { outdated }) = (&owner, &email, verdict) else {
        if let Some(owner) = &owner {
            record_failure(&app, &invocation, owner).await;
        }
        return Err(Problem::new("invalid_credentials"));
    };
    for bucket in &buckets {
        rate.return_attempt(&app, *bucket).await?;
    }
    let mut password_hash = owner.password_hash.clone();
    if outdated {
        let stored = rehash_password(&app, owner.account_id, &password_hash, &request.password).await?;
        password_hash = stored.ok_or_else(|| Problem::new("invalid_credentials"))?;
    }
    let person = VerifiedPerson { account_id: owner.account_id, email, password_hash: &password_hash };
    let begun = begin_session(&app, person, &invocation.request).await?;
    let session_id = begun.session_id;
    let user_agent = invocation.request.user_agent.clone();
    let command = AccountCommand::RecordSignIn { session_id, user_agent };
    // Each token has its own sign-in event, also if an idempotency key is repeated.
    let context = invocation.context_for(&format!("sign-in:{session_id}"));
    let context = Invocation::on_behalf_of(context, owner.account_id, primary_role(&owner.account));
    let recorded = app.bus.dispatch(Command::Account(owner.account_id, command), context).await;
    let receipt = match recorded {
        Ok(receipt) => receipt,
        Err(error) => {
            session::delete(&app.pool, owner.account_id, session_id).await?;
            return Err(error.into());
        }
    };
    respond_with_session(&app, StatusCode::OK, begun, receipt.position).await
}

/// Returns the place of the request's browser, if the owner of the address has signed in from it before.
async fn find_known_browser(
    app: &App,
    email: Option<&Email>,
    request: &RequestContext,
) -> Result<Option<Place>, Problem> {
    let (Some(email), Some(browser)) = (email, &request.browser) else { return Ok(None) };
    let place = Place::of_browser(&app.keys, email, browser);
    Ok(known_places::is_known(&app.pool, &place).await?.then_some(place))
}

/// Returns the buckets that count an attempt. Strangers cannot empty those of a known browser, nor slow down a
/// network from which the owner has signed in before.
async fn buckets<'a>(
    app: &App,
    email: Option<&Email>,
    who: &'a str,
    known_browser: Option<&'a Place>,
    request: &RequestContext,
) -> Result<Vec<Bucket<'a>>, Problem> {
    if let Some(place) = known_browser {
        return Ok(vec![Bucket::SignInFromKnownBrowser(place.as_bytes())]);
    }
    let from_network = Bucket::SignInFromNetwork(request.network);
    let is_known = match email {
        Some(email) => {
            let place = Place::of_network(&app.keys, email, request.network);
            known_places::is_known(&app.pool, &place).await?
        }
        None => false,
    };
    if is_known {
        return Ok(vec![from_network]);
    }
    Ok(vec![from_network, Bucket::SignInFromUnknownPlaces(who)])
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
