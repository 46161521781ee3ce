//! Rows of the tables.

use domain::messaging::{Attachment, ConversationContext, ConversationKind};
use domain::{AccountId, ConversationId, MessageId, ObjectId, Position, StreamVersion};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConversationRow {
    pub conversation_id: ConversationId,
    pub kind: ConversationKind,
    pub context: Option<ConversationContext>,
    /// Number of the last message; 0 before the first.
    pub head: u64,
    /// Instant of the last message, or of the start.
    pub active_position: Position,
    pub active_at: Timestamp,
    pub version: StreamVersion,
}

/// A participant's own view of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParticipantRow {
    pub conversation_id: ConversationId,
    pub account_id: AccountId,
    /// `true` if the participant has left.
    pub gone: bool,
    pub read_up_to: u64,
    pub cleared_up_to: u64,
    /// The conversation is hidden until the head passes this number.
    pub hidden_up_to: Option<u64>,
    pub archived: bool,
    pub blocked: bool,
}

/// Present state of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageRow {
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub sequence: u64,
    pub sender: AccountId,
    /// `None` if the sender is erased or the message is deleted.
    pub body: Option<String>,
    pub sent_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub deleted: bool,
    pub client_id: Uuid,
    pub attachments: Vec<AttachmentRow>,
    pub position: Position,
}

/// Attachment of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRow {
    pub object_id: ObjectId,
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
}

/// Former text of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditRow {
    pub message_id: MessageId,
    /// Position of the event that replaced the text.
    pub position: Position,
    pub sender: AccountId,
    pub body: String,
    pub written_at: Timestamp,
}

/// Report of a message, with its text at that time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportRow {
    pub position: Position,
    pub conversation_id: ConversationId,
    pub message_id: MessageId,
    pub sequence: u64,
    pub sender: AccountId,
    /// `None` if the sender is erased, or if the message had been deleted.
    pub body: Option<String>,
    pub sent_at: Timestamp,
    pub reporter: AccountId,
    /// `None` if the reporter is erased.
    pub reason: Option<String>,
    pub reported_at: Timestamp,
}

impl ParticipantRow {
    pub(super) fn new(conversation_id: ConversationId, account_id: AccountId) -> Self {
        Self {
            conversation_id,
            account_id,
            gone: false,
            read_up_to: 0,
            cleared_up_to: 0,
            hidden_up_to: None,
            archived: false,
            blocked: false,
        }
    }
}

impl MessageRow {
    /// Removes the text and the attachments of a deleted message.
    pub(super) fn erase_content(&mut self) {
        self.body = None;
        self.attachments.clear();
    }
}

impl AttachmentRow {
    /// Returns the row, or `None` if the sender is erased, because the file is deleted too.
    pub fn from_attachment(attachment: &Attachment) -> Option<Self> {
        let Attachment { object_id, name, media_type, bytes } = attachment;
        Some(Self {
            object_id: *object_id,
            name: name.known()?.clone(),
            media_type: media_type.clone(),
            bytes: *bytes,
        })
    }
}
