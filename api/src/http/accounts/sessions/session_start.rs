//! Starts a session, and builds the response of registration and sign-in.

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::accounts::Email;
use domain::{AccountId, Position, SessionId};
use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::auth::known_places::{self, KNOWN_FOR, Place};
use crate::auth::session;
use crate::auth::session::{StoredSession, Token};
use crate::http::accounts::view::AccountView;
use crate::http::cookies::{BROWSER_COOKIE, CookieName, SESSION_COOKIE};
use crate::http::freshness::{ETag, LogPosition};
use crate::http::idempotency::DoNotStore;
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// A new session with its token.
#[derive(Serialize, utoipa::ToSchema)]
pub struct StartedSession {
    pub account: AccountView,
    /// Token for `Authorization: Bearer`. The cookie has the same token.
    pub token: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// A person whose password was verified.
pub struct VerifiedPerson<'a> {
    pub account_id: AccountId,
    /// Address with which the person signed in or registered.
    pub email: &'a Email,
    /// Stored hash that the password matched.
    pub password_hash: &'a str,
}

/// A stored session whose token the client does not have yet.
pub struct NewSession {
    pub session_id: SessionId,
    account_id: AccountId,
    token: Token,
    browser: Token,
    expires_at: Timestamp,
}

/// Stores a session. It is the only place where a session begins.
///
/// The network and the browser become known places of the account.
///
/// # Errors
/// `invalid_credentials` if the password was changed after it was verified, or the account was erased.
/// `unavailable` without Postgres.
pub async fn begin_session(
    app: &App,
    person: VerifiedPerson<'_>,
    request: &RequestContext,
) -> Result<NewSession, Problem> {
    let VerifiedPerson { account_id, email, password_hash } = person;
    let session_id = SessionId(app.ids.next());
    let now = app.clock.now();
    let token = Token::generate().map_err(|error| Problem::internal(&error))?;
    let expires_at = now + app.settings.session_lifetime;
    let session = StoredSession {
        session_id,
        account_id,
        user_agent: request.user_agent.clone(),
        created_at: now,
        expires_at,
        last_seen_at: now,
    };
    if !session::insert_verified(&app.pool, &session, &token, password_hash).await? {
        return Err(Problem::new("invalid_credentials"));
    }
    let browser = match &request.browser {
        Some(known) => known.clone(),
        None => Token::generate().map_err(|error| Problem::internal(&error))?,
    };
    let places =
        [Place::of_network(&app.keys, email, request.network), Place::of_browser(&app.keys, email, &browser)];
    known_places::record(&app.pool, account_id, &places).await?;
    Ok(NewSession { session_id, account_id, token, browser, expires_at })
}

/// Responds with the token of a new session, in the body and as a cookie.
/// The response is not stored under an idempotency key: a repetition starts another session.
///
/// # Errors
/// `unavailable` without Postgres.
pub async fn respond_with_session(
    app: &App,
    status: StatusCode,
    begun: NewSession,
    position: Position,
) -> Result<Response, Problem> {
    let account = app.account(begun.account_id).await?;
    let token = begun.token.to_text();
    let lifetime = app.settings.session_lifetime.as_secs();
    let cookies = AppendHeaders([
        (SET_COOKIE, cookie(app, SESSION_COOKIE, token.clone(), lifetime).to_string()),
        (SET_COOKIE, cookie(app, BROWSER_COOKIE, begun.browser.to_text(), KNOWN_FOR.as_secs()).to_string()),
    ]);
    let expires_at = begun.expires_at;
    let view = AccountView::load(&app.pool, &account).await?;
    let body = StartedSession { account: view, token, expires_at };
    let position = LogPosition(position.max(account.position));
    Ok((status, position, ETag(account.version), cookies, Extension(DoNotStore), Json(body)).into_response())
}

/// Returns a cookie that removes the session cookie in the browser.
pub fn removal_cookie(app: &App) -> CookieJar {
    CookieJar::new().add(cookie(app, SESSION_COOKIE, String::new(), 0))
}

fn cookie(app: &App, name: CookieName, value: String, seconds: u64) -> Cookie<'static> {
    let max_age = axum_extra::extract::cookie::Expiration::Session;
    let mut cookie = Cookie::build((name.written(app.settings.cookie_secure), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings.cookie_secure)
        .expires(max_age)
        .build();
    cookie.set_max_age(std::time::Duration::from_secs(seconds).try_into().ok());
    cookie
}
