//! Who calls: the session behind a cookie or a bearer token, and the account as it is now.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;
use domain::accounts::Person;
use domain::{AccountId, Actor, CommandId, Context, Role, SessionId, Source};
use jiff::Timestamp;
use uuid::Uuid;

use super::freshness::IfMatch;
use super::idempotency::Idempotent;
use super::problem::Problem;
use super::request::RequestContext;
use crate::app::{App, Shared};
use crate::auth::session::{self, Token};

pub const SESSION_COOKIE: &str = "kafedra_session";

/// A signed-in person, as the log has them at this moment. An extractor for routes that need a session.
#[derive(Clone, Debug)]
pub struct Caller {
    pub session_id: SessionId,
    pub signed_in_at: Timestamp,
    pub account_id: AccountId,
    pub person: Arc<Person>,
    /// Version and position of the account's stream.
    pub version: u64,
    pub position: u64,
    /// The role under which the route was permitted.
    pub role: Option<Role>,
    /// The token came in the cookie, which browsers send unasked.
    pub by_cookie: bool,
}

impl Caller {
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.person.roles
    }

    pub fn has(&self, role: Role) -> bool {
        self.person.roles.contains(&role)
    }

    /// Finds the caller; `None` without a session that counts.
    ///
    /// # Errors
    /// Postgres is away.
    pub async fn find(app: &App, headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let Some((token, by_cookie)) = token(headers) else { return Ok(None) };
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

/// A bearer token goes before the cookie: who sends it means it.
fn token(headers: &HeaderMap) -> Option<(Token, bool)> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    match bearer {
        Some(text) => Token::parse(&text).map(|token| (token, false)),
        None => {
            let jar = CookieJar::from_headers(headers);
            jar.get(SESSION_COOKIE).and_then(|cookie| Token::parse(cookie.value())).map(|token| (token, true))
        }
    }
}

/// Everything that the context of a command needs from the request; an extractor for mutations.
#[derive(Clone, Debug)]
pub struct Asking {
    caller: Option<Caller>,
    pub request: RequestContext,
    command_id: CommandId,
    if_match: IfMatch,
}

impl Asking {
    /// The context of the request's command. One request, one such command: its id comes from the
    /// idempotency key, and sending it again does nothing twice.
    pub fn context(&self) -> Context {
        self.context_of(self.command_id, self.if_match.0)
    }

    /// The context of a further command of the same request; `purpose` tells them apart.
    pub fn context_for(&self, purpose: &str) -> Context {
        self.context_of(CommandId::derived(self.command_id.uuid(), purpose), None)
    }

    /// Asks on behalf of an account that is only coming to be, or is just signing in.
    #[must_use]
    pub fn as_account(context: Context, account_id: AccountId, role: Option<Role>) -> Context {
        Context { actor: Actor::Account(account_id), role, ..context }
    }

    fn context_of(&self, command_id: CommandId, expected_version: Option<u64>) -> Context {
        Context {
            actor: match &self.caller {
                Some(caller) => Actor::Account(caller.account_id),
                None => Actor::system("anonymous"),
            },
            role: self.caller.as_ref().and_then(|caller| caller.role),
            source: Source::Api,
            correlation_id: self.request.correlation_id,
            causation_id: None,
            command_id,
            traceparent: self.request.traceparent.clone(),
            expected_version,
        }
    }
}

impl FromRequestParts<Shared> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let fresh: Uuid = app.ids.next();
        Ok(Self {
            caller: parts.extensions.get::<Caller>().cloned(),
            request: RequestContext::from_request_parts(parts, app).await?,
            command_id: parts
                .extensions
                .get::<Idempotent>()
                .map_or(CommandId(fresh), |known| known.command_id),
            if_match: IfMatch::from_request_parts(parts, app).await?,
        })
    }
}
