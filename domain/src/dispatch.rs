//! The port through which HTTP handlers, process managers and signaling issue commands.

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
use crate::position::{Position, StreamVersion};
use crate::refusal::Refusal;
use crate::scheduling::{ClassCommand, LessonRequestCommand, SeriesCommand, SlotCommand, WaitlistCommand};
use crate::support::TicketCommand;
use crate::video::VideoSessionCommand;

/// Command, with the aggregate that decides it.
#[derive(Clone, Debug)]
pub enum Command {
    Account(AccountId, AccountCommand),
    Ticket(TicketId, TicketCommand),
    /// One link per account, with the id of the account.
    CrmLink(AccountId, CrmLinkCommand),
    Slot(SlotId, SlotCommand),
    Series(SeriesId, SeriesCommand),
    Request(RequestId, LessonRequestCommand),
    Waitlist(WaitlistEntryId, WaitlistCommand),
    Class(ClassId, ClassCommand),
    Conversation(ConversationId, ConversationCommand),
    /// One inbox per account, with the id of the account.
    Inbox(AccountId, InboxCommand),
    /// One video session per lesson, with the id of its slot.
    Video(SlotId, VideoSessionCommand),
}

/// Dispatcher of commands. It returns a receipt only after the events are committed.
#[async_trait]
pub trait Dispatch: Send + Sync {
    /// Decides and commits one command.
    async fn dispatch(&self, command: Command, context: CommandContext) -> Result<Receipt, DispatchError> {
        self.dispatch_atomically(vec![command], context).await
    }

    /// Decides several commands, each on its own stream, and commits their events in one append: all or
    /// nothing.
    async fn dispatch_atomically(
        &self,
        commands: Vec<Command>,
        context: CommandContext,
    ) -> Result<Receipt, DispatchError>;
}

/// Receipt: proof that the events of a command are committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Position of the last event. If nothing had to change, it is the position of the stream's last event.
    pub position: Position,
    /// Streams in the order of the commands, with their present versions.
    pub streams: Vec<VersionedStream>,
    /// `true` if this command id was committed before.
    pub replayed: bool,
}

impl Receipt {
    /// Returns the version of the first stream.
    pub fn version(&self) -> StreamVersion {
        self.streams.first().map_or(StreamVersion::START, |stream| stream.version)
    }
}

/// Stream with its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionedStream {
    pub stream: StreamId,
    pub version: StreamVersion,
}

/// Reason why a command was not committed.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    #[error("refused: {} ({})", .0.code, .0.detail)]
    Refused(Refusal),
    /// The stream has another version than the caller expects.
    #[error("the stream is at version {actual}, not {expected}")]
    StaleVersion { expected: StreamVersion, actual: StreamVersion },
    /// Other writers were faster too many times in a row. The caller may retry.
    #[error("too many writers on one stream")]
    Contended,
    /// The command was not accepted, or the result is unknown. The caller may send the same command id again.
    #[error("the log is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A defect, such as an event that cannot be read.
    #[error("the command could not be carried out")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}
