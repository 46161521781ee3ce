//! The context of a command (actor, cause, idempotency key), and the part that is stored with each event.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::actor::{Actor, Role, Source};
use crate::ids::CommandId;
use crate::position::StreamVersion;

/// Context of a command: its actor, cause and id.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandContext {
    pub actor: Actor,
    pub role: Option<Role>,
    pub source: Source,
    /// Shared by all commands and events that follow from one request.
    pub correlation_id: Uuid,
    /// The event or command that caused this one.
    pub causation_id: Option<Uuid>,
    /// Idempotency key: a repeated id returns the first receipt and appends nothing.
    pub command_id: CommandId,
    /// W3C trace context, carried with the events.
    pub traceparent: Option<String>,
    /// `X-Request-Id` as the client sent it.
    pub request_id: Option<String>,
    /// Versions of which the (first) stream must have one. Without any, each version is right.
    pub expected_versions: Vec<StreamVersion>,
}

impl CommandContext {
    /// Returns the context of a process manager's command that follows from `cause` (an event's id).
    pub fn of_process(process: &str, cause: Uuid, correlation_id: Uuid, purpose: &str) -> Self {
        Self {
            actor: Actor::system(process),
            role: None,
            source: Source::Policy,
            correlation_id,
            causation_id: Some(cause),
            command_id: CommandId::derived(cause, &format!("{process}:{purpose}")),
            traceparent: None,
            request_id: None,
            expected_versions: Vec::new(),
        }
    }

    /// Returns the metadata that is stored with each event.
    pub fn metadata(&self) -> Metadata {
        Metadata {
            actor: self.actor.clone(),
            role: self.role,
            source: self.source,
            correlation_id: self.correlation_id,
            causation_id: self.causation_id,
            command_id: self.command_id,
            traceparent: self.traceparent.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

/// Metadata of an event; serialises to a flat map of texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    pub actor: Actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    pub source: Source,
    pub correlation_id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<Uuid>,
    pub command_id: CommandId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// `X-Request-Id` as the client sent it. The correlation id is it, or is derived from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
