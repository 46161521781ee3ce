//! What can be asked of a conversation. `by` is the session's account, always.

use std::fmt;

use uuid::Uuid;

use super::events::{Attachment, ConversationContext, ConversationKind};
use crate::ids::{AccountId, MessageId};

/// Commands to the aggregate `Conversation`.
#[derive(Clone)]
pub enum ConversationCommand {
    /// Already there with these participants: nothing happens.
    StartConversation(NewConversation),
    /// Of a class or a lesson, by the part of the system that keeps it in step.
    AddParticipant {
        participant: AccountId,
    },
    RemoveParticipant {
        participant: AccountId,
    },
    SendMessage(Box<Draft>),
    EditMessage {
        message: SentMessage,
        by: AccountId,
        body: String,
    },
    DeleteMessage {
        message: SentMessage,
        by: AccountId,
    },
    /// Up to this message; going back changes nothing.
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
    /// The other of a direct conversation writes no more, until `by` unblocks them.
    BlockOther {
        by: AccountId,
    },
    UnblockOther {
        by: AccountId,
    },
}

/// A conversation as it is started.
#[derive(Clone, Debug, PartialEq)]
pub struct NewConversation {
    pub kind: ConversationKind,
    pub participants: Vec<AccountId>,
    pub context: Option<ConversationContext>,
}

/// A message as it is sent.
#[derive(Clone, PartialEq)]
pub struct Draft {
    pub message_id: MessageId,
    pub sender: AccountId,
    pub body: String,
    pub attachments: Vec<Attachment>,
    pub client_id: Uuid,
}

/// A message that was sent, as its event says: facts that nothing can change, so the conversation
/// need not keep them for each of its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentMessage {
    pub message_id: MessageId,
    pub sequence: u64,
    pub sender: AccountId,
}

impl ConversationCommand {
    /// The name of the command, as logs and metrics show it.
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

/// Shows which command it is, never what is in it: that belongs to people.
impl fmt::Debug for ConversationCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
