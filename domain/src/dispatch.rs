//! The one port through which handlers, processes and signaling issue commands.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::accounts::AccountCommand;
use crate::context::CommandContext;
use crate::crm::CrmLinkCommand;
use crate::ids::{
    AccountId, ClassId, ConversationId, RequestId, SeriesId, SlotId, StreamId, TicketId, WaitlistEntryId,
};
use crate::messaging::ConversationCommand;
use crate::notifications::InboxCommand;
use crate::refusal::Refusal;
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
    async fn dispatch(&self, command: Command, context: CommandContext) -> Result<Receipt, DispatchError> {
        self.dispatch_atomically(vec![command], context).await
    }

    /// Decides several commands, each on its own stream, and commits their events in one append:
    /// all or nothing.
    async fn dispatch_atomically(
        &self,
        commands: Vec<Command>,
        context: CommandContext,
    ) -> Result<Receipt, DispatchError>;
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
