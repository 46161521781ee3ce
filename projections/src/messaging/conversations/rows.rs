//! What the tables hold.

use domain::messaging::{Attachment, ConversationContext, ConversationKind};
use domain::{AccountId, ConversationId, MessageId, ObjectId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConversationRow {
    pub conversation_id: ConversationId,
    pub kind: ConversationKind,
    pub context: Option<ConversationContext>,
    /// Number of the last message; 0 before the first.
    pub head: u64,
    /// Of the last message, or of the beginning.
    pub active_position: i64,
    pub active_at: Timestamp,
    pub version: u64,
}

/// Somebody's own view of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParticipantRow {
    pub conversation_id: ConversationId,
    pub account_id: AccountId,
    /// Has left.
    pub gone: bool,
    pub read_up_to: u64,
    pub cleared_up_to: u64,
    /// Hidden while the head has not passed this.
    pub hidden_up_to: Option<u64>,
    pub archived: bool,
    pub blocked: bool,
}

/// A message as it reads now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageRow {
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub sequence: u64,
    pub sender: AccountId,
    /// `None` once the sender is erased, and once it is deleted.
    pub body: Option<String>,
    pub sent_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub deleted: bool,
    pub client_id: Uuid,
    pub attachments: Vec<AttachmentRow>,
    pub position: i64,
}

/// A file beside a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRow {
    pub object_id: ObjectId,
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
}

/// A former text of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditRow {
    pub message_id: MessageId,
    /// Of the event that replaced it.
    pub position: i64,
    pub sender: AccountId,
    pub body: String,
    pub written_at: Timestamp,
}

/// A message that was reported, as it read then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportRow {
    pub position: i64,
    pub conversation_id: ConversationId,
    pub message_id: MessageId,
    pub sequence: u64,
    pub sender: AccountId,
    /// `None` once the sender is erased, or where the message had been deleted.
    pub body: Option<String>,
    pub sent_at: Timestamp,
    pub reporter: AccountId,
    /// `None` once the reporter is erased.
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
    /// Nobody is shown what it said any more.
    pub(super) fn erase_content(&mut self) {
        self.body = None;
        self.attachments.clear();
    }
}

impl AttachmentRow {
    /// `None` once the sender is erased: the file is gone too.
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
