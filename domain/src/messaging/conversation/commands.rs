//! Commands to a conversation. `by` is always the account of the session.

use std::fmt;

use uuid::Uuid;

use super::events::{Attachment, ConversationContext, ConversationKind};
use crate::ids::{AccountId, MessageId};

/// Commands to the aggregate `Conversation`.
#[derive(Clone)]
pub enum ConversationCommand {
    /// Changes nothing if the conversation exists with these participants.
    StartConversation(NewConversation),
    /// Issued by the process manager that keeps the participants of a class or a lesson up to date.
    AddParticipant {
        participant: AccountId,
    },
    RemoveParticipant {
        participant: AccountId,
    },
    SendMessage(Box<NewMessage>),
    EditMessage {
        message: SentMessage,
        by: AccountId,
        body: String,
    },
    DeleteMessage {
        message: SentMessage,
        by: AccountId,
    },
    /// Moves the read position up to this message; an earlier message changes nothing.
    MarkRead {
        by: AccountId,
        up_to: u64,
    },
    Archive {
        by: AccountId,
    },
    Unarchive {
        by: AccountId,
    },
    Clear {
        by: AccountId,
    },
    Hide {
        by: AccountId,
    },
    ReportMessage {
        message: SentMessage,
        by: AccountId,
        reason: String,
    },
    /// Blocks the other participant of a direct conversation until `by` unblocks them.
    BlockOther {
        by: AccountId,
    },
    UnblockOther {
        by: AccountId,
    },
}

/// Conversation to be started.
#[derive(Clone, Debug, PartialEq)]
pub struct NewConversation {
    pub kind: ConversationKind,
    pub participants: Vec<AccountId>,
    pub context: Option<ConversationContext>,
}

/// Message to be sent.
#[derive(Clone, PartialEq)]
pub struct NewMessage {
    pub message_id: MessageId,
    pub sender: AccountId,
    pub body: String,
    pub attachments: Vec<Attachment>,
    pub client_id: Uuid,
}

/// Sent message, from its event. These facts never change, so the conversation does not store them for
/// each of its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentMessage {
    pub message_id: MessageId,
    pub sequence: u64,
    pub sender: AccountId,
}

impl ConversationCommand {
    /// Returns the name of the command for logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            ConversationCommand::StartConversation(_) => "StartConversation",
            ConversationCommand::AddParticipant { .. } => "AddParticipant",
            ConversationCommand::RemoveParticipant { .. } => "RemoveParticipant",
            ConversationCommand::SendMessage(_) => "SendMessage",
            ConversationCommand::EditMessage { .. } => "EditMessage",
            ConversationCommand::DeleteMessage { .. } => "DeleteMessage",
            ConversationCommand::MarkRead { .. } => "MarkRead",
            ConversationCommand::Archive { .. } => "Archive",
            ConversationCommand::Unarchive { .. } => "Unarchive",
            ConversationCommand::Clear { .. } => "Clear",
            ConversationCommand::Hide { .. } => "Hide",
            ConversationCommand::ReportMessage { .. } => "ReportMessage",
            ConversationCommand::BlockOther { .. } => "BlockOther",
            ConversationCommand::UnblockOther { .. } => "UnblockOther",
        }
    }
}

/// Shows the name of the command, never its content, which is personal data.
impl fmt::Debug for ConversationCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
