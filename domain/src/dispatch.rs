//! The one port through which handlers, processes and signaling issue commands.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::AccountCommand;
use crate::actor::{Actor, Role, Source};
use crate::crm::CrmLinkCommand;
use crate::ids::{
    AccountId, ClassId, CommandId, ConversationId, RequestId, SeriesId, SlotId, StreamId, TicketId,
    WaitlistEntryId,
};
use crate::messaging::ConversationCommand;
use crate::notifications::InboxCommand;
use crate::scheduling::{ClassCommand, LessonRequestCommand, SeriesCommand, SlotCommand, WaitlistCommand};
use crate::support::TicketCommand;

/// A command, with the aggregate it is for.
#[derive(Clone, Debug)]
pub enum Command {
    Account(AccountId, AccountCommand),
    Ticket(TicketId, TicketCommand),
    /// One link per account: its id is the account's.
    CrmLink(AccountId, CrmLinkCommand),
    Slot(SlotId, SlotCommand),
    Series(SeriesId, SeriesCommand),
    Request(RequestId, LessonRequestCommand),
    Waitlist(WaitlistEntryId, WaitlistCommand),
    Class(ClassId, ClassCommand),
    Conversation(ConversationId, ConversationCommand),
    /// One inbox per account: its id is the account's.
    Inbox(AccountId, InboxCommand),
}

/// Issues commands; an answer is given only after its events are committed.
#[async_trait]
pub trait Dispatch: Send + Sync {
    /// Decides and commits one command.
    async fn dispatch(&self, command: Command, context: Context) -> Result<Receipt, DispatchError> {
        self.dispatch_together(vec![command], context).await
    }

    /// Decides several commands, each on its own stream, and commits their events in one append:
    /// all or nothing.
    async fn dispatch_together(
        &self,
        commands: Vec<Command>,
        context: Context,
    ) -> Result<Receipt, DispatchError>;
}

/// Who asks, why, and under which id.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    pub actor: Actor,
    pub role: Option<Role>,
    pub source: Source,
    /// Ties together everything that follows from one request.
    pub correlation_id: Uuid,
    /// The event or command that caused this one.
    pub causation_id: Option<Uuid>,
    /// The key of idempotency: the same id again gives the first receipt and appends nothing.
    pub command_id: CommandId,
    /// W3C trace context, carried with the events.
    pub traceparent: Option<String>,
    /// The version of the (first) stream that the caller has seen, when it insists on it.
    pub expected_version: Option<u64>,
}

impl Context {
    /// The context of a part of the system that follows from `cause` (an event's id).
    pub fn of_process(process: &str, cause: Uuid, correlation_id: Uuid, purpose: &str) -> Self {
        Self {
            actor: Actor::system(process),
            role: None,
            source: Source::Policy,
            correlation_id,
            causation_id: Some(cause),
            command_id: CommandId::derived(cause, &format!("{process}:{purpose}")),
            traceparent: None,
            expected_version: None,
        }
    }

    /// The flat text map that is stored with each event.
    pub fn metadata(&self) -> Metadata {
        Metadata {
            actor: self.actor.clone(),
            role: self.role,
            source: self.source,
            correlation_id: self.correlation_id,
            causation_id: self.causation_id,
            command_id: self.command_id,
            traceparent: self.traceparent.clone(),
        }
    }
}

/// What is known about the making of an event; serialises to a flat map of texts.
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
}

/// Proof that a command's events are committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Position of the last event (of the stream's last event when nothing had to change).
    pub position: u64,
    /// The streams in the order of the commands, with the version each has now.
    pub streams: Vec<StreamVersion>,
    /// Whether this command id had been committed before.
    pub replayed: bool,
}

impl Receipt {
    /// Version of the first stream.
    pub fn version(&self) -> u64 {
        self.streams.first().map_or(0, |stream| stream.version)
    }
}

/// A stream and its version: the sequence of its last event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamVersion {
    pub stream: StreamId,
    pub version: u64,
}

/// A rule said no. It is information, not a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable, snake_case; clients switch on it.
    pub code: &'static str,
    pub kind: RefusalKind,
    /// For people who read logs; answers take their text from the code and the language.
    pub detail: String,
    /// Which rule, in which state, by which facts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

impl Refusal {
    pub fn new(code: &'static str, kind: RefusalKind, detail: impl Into<String>) -> Self {
        Self { code, kind, detail: detail.into(), reasons: Vec::new() }
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(code, RefusalKind::Conflict, detail)
    }

    #[must_use]
    pub fn because(mut self, reason: Reason) -> Self {
        self.reasons.push(reason);
        self
    }
}

/// What sort of no it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// What is asked for does not exist, or must not be known to exist.
    NotFound,
    /// The actor may not do this.
    Forbidden,
    /// A rule or the present state stands against it.
    Conflict,
    /// The value itself is unacceptable; `reasons` name the fields by JSON pointer.
    Invalid,
}

/// One reason behind a refusal or an automatic decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule or the failed check, snake_case.
    pub code: String,
    /// JSON pointer (RFC 6901) of the field, for values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The facts it rests on: names and values that are not personal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
}

impl Reason {
    pub fn rule(code: &str) -> Self {
        Self { code: code.to_owned(), pointer: None, facts: BTreeMap::new() }
    }

    pub fn field(pointer: &str, code: &str) -> Self {
        Self { pointer: Some(pointer.to_owned()), ..Self::rule(code) }
    }

    #[must_use]
    pub fn with(mut self, fact: &str, value: impl ToString) -> Self {
        self.facts.insert(fact.to_owned(), value.to_string());
        self
    }
}

/// Why a command was not committed.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    #[error("refused: {} ({})", .0.code, .0.detail)]
    Refused(Refusal),
    /// The caller named a version and the stream has another.
    #[error("the stream is at version {actual}, not {expected}")]
    StaleVersion { expected: u64, actual: u64 },
    /// Others were faster too many times in a row; worth trying again.
    #[error("too many writers on one stream")]
    Contended,
    /// Nothing was accepted, or nobody can tell: the same command id may be sent again.
    #[error("the log is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A defect: the log holds what cannot be read, or the like.
    #[error("the command could not be carried out")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}
