//! Context of the commands of a request: ids, caller and expected version.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{AccountId, Actor, CommandContext, CommandId, Role, Source, StreamVersion};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterIn};
use uuid::Uuid;

use super::caller::Caller;
use super::freshness::{IfMatch, header_parameter};
use super::idempotency::IdempotentCommand;
use super::problem::Problem;
use super::request::RequestContext;
use crate::app::AppState;

/// Data of the request for the context of its commands. An extractor for mutations.
#[derive(Clone, Debug)]
pub struct Invocation {
    caller: Option<Caller>,
    pub request: RequestContext,
    command_id: CommandId,
    if_match: IfMatch,
}

impl Invocation {
    /// Returns the context of the main command of the request. A request has one such command.
    /// Its id comes from the idempotency key, so that a repetition has no second effect.
    pub fn context(&self) -> CommandContext {
        self.build_context(self.command_id, self.if_match.expected_versions().to_vec())
    }

    /// Returns the context of another command of the request. `purpose` distinguishes their ids.
    pub fn context_for(&self, purpose: &str) -> CommandContext {
        self.build_context(CommandId::derived(self.command_id.uuid(), purpose), Vec::new())
    }

    /// Sets the actor to an account that is registering or signing in.
    #[must_use]
    pub fn on_behalf_of(
        context: CommandContext,
        account_id: AccountId,
        role: Option<Role>,
    ) -> CommandContext {
        CommandContext { actor: Actor::Account(account_id), role, ..context }
    }

    fn build_context(&self, command_id: CommandId, expected_versions: Vec<StreamVersion>) -> CommandContext {
        CommandContext {
            actor: match &self.caller {
                Some(caller) => Actor::Account(caller.account_id),
                None => Actor::system("anonymous"),
            },
            role: self.caller.as_ref().and_then(|caller| caller.role),
            source: Source::Api,
            correlation_id: self.request.correlation_id,
            request_id: self.request.given_request_id.clone(),
            causation_id: None,
            command_id,
            traceparent: self.request.traceparent.clone(),
            expected_versions,
        }
    }
}

impl IntoParams for Invocation {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter("If-Match", Required::False)]
    }
}

impl FromRequestParts<AppState> for Invocation {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let fresh: Uuid = app.ids.next();
        Ok(Self {
            caller: parts.extensions.get::<Caller>().cloned(),
            request: RequestContext::from_request_parts(parts, app).await?,
            command_id: parts
                .extensions
                .get::<IdempotentCommand>()
                .map_or(CommandId(fresh), |known| known.command_id),
            if_match: IfMatch::from_request_parts(parts, app).await?,
        })
    }
}
