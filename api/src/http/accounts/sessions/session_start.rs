//! Starts a session, and builds the response of registration and sign-in.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::{AccountId, Position, SessionId};
use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::auth::session;
use crate::auth::session::{StoredSession, Token};
use crate::http::accounts::view::AccountView;
use crate::http::caller::SESSION_COOKIE;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::idempotency::DoNotStore;
use crate::http::problem::Problem;

/// A new session with its token.
#[derive(Serialize, utoipa::ToSchema)]
pub struct StartedSession {
    pub account: AccountView,
    /// Token for `Authorization: Bearer`. The cookie has the same token.
    pub token: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// Stores the session and responds with its token, in the body and as a cookie.
/// The response is not stored under an idempotency key: a repetition starts another session.
///
/// # Errors
/// `unavailable` without Postgres.
pub async fn start_session(
    app: &App,
    status: StatusCode,
    account_id: AccountId,
    session_id: SessionId,
    user_agent: &str,
    position: Position,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let token = Token::generate().map_err(|error| Problem::internal(&error))?;
    let expires_at = now + app.settings.session_lifetime;
    let session = StoredSession {
        session_id,
        account_id,
        user_agent: user_agent.to_owned(),
        created_at: now,
        expires_at,
        last_seen_at: now,
    };
    session::insert(&app.pool, &session, &token).await?;
    let account = app.account(account_id).await?;
    let body =
        StartedSession { account: AccountView::from_account(&account)?, token: token.to_text(), expires_at };
    let cookies =
        CookieJar::new().add(session_cookie(app, token.to_text(), app.settings.session_lifetime.as_secs()));
    let position = LogPosition(position.max(account.position));
    Ok((status, position, ETag(account.version), cookies, Extension(DoNotStore), Json(body)).into_response())
}

/// Returns a cookie that removes the session cookie in the browser.
pub fn removal_cookie(app: &App) -> CookieJar {
    CookieJar::new().add(session_cookie(app, String::new(), 0))
}

fn session_cookie(app: &App, value: String, seconds: u64) -> Cookie<'static> {
    let max_age = axum_extra::extract::cookie::Expiration::Session;
    let mut cookie = Cookie::build((SESSION_COOKIE, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings.cookie_secure)
        .expires(max_age)
        .build();
    cookie.set_max_age(std::time::Duration::from_secs(seconds).try_into().ok());
    cookie
}
