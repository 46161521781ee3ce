//! Caller of a request: the session of a cookie or bearer token, with the account's current state.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;
use domain::accounts::Person;
use domain::{AccountId, Position, Role, SessionId, StreamVersion};
use jiff::Timestamp;

use super::cookies::SESSION_COOKIE;
use super::problem::Problem;
use crate::app::App;
use crate::auth::session::{self, Token};

/// A signed-in person with the current state of the account. An extractor for routes with a session.
#[derive(Clone, Debug)]
pub struct Caller {
    pub session_id: SessionId,
    pub signed_in_at: Timestamp,
    pub account_id: AccountId,
    pub person: Arc<Person>,
    /// Version and position of the account's stream.
    pub version: StreamVersion,
    pub position: Position,
    /// Role that permitted the route.
    pub role: Option<Role>,
    /// True if the token came in the cookie, which browsers send on their own.
    pub by_cookie: bool,
}

impl Caller {
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.person.roles
    }

    pub fn has_role(&self, role: Role) -> bool {
        self.person.roles.contains(&role)
    }

    /// Finds the caller. Returns `None` without a valid session.
    ///
    /// # Errors
    /// `unavailable` without Postgres.
    pub async fn find(app: &App, headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let Some((token, by_cookie)) = read_token(headers, app.settings.cookie_secure) else {
            return Ok(None);
        };
        let Some(session) = session::find(&app.pool, &token, app.clock.now()).await? else { return Ok(None) };
        let account = app.account(session.account_id).await?;
        let Some(person) = account.state.person() else { return Ok(None) };
        Ok(Some(Self {
            session_id: session.session_id,
            signed_in_at: session.created_at,
            account_id: session.account_id,
            role: person.roles.first().copied(),
            person: Arc::new(person.clone()),
            version: account.version,
            position: account.position,
            by_cookie,
        }))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new("unauthenticated"))
    }
}

/// Reads the token. A bearer token takes precedence over the cookie, because a client sends it on purpose.
fn read_token(headers: &HeaderMap, cookie_secure: bool) -> Option<(Token, bool)> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    match bearer {
        Some(text) => Token::parse(&text).map(|token| (token, false)),
        None => {
            let jar = CookieJar::from_headers(headers);
            let cookie = SESSION_COOKIE.read(&jar, cookie_secure);
            cookie.and_then(Token::parse).map(|token| (token, true))
        }
    }
}
