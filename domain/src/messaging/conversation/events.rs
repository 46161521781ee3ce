//! Events of a conversation.

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::code_enum;
use crate::decider::EventEffects;
use crate::event_types::event_types;
use crate::ids::{AccountId, ClassId, MessageId, ObjectId, SlotId};
use crate::personal::Personal;

/// Events of the aggregate `Conversation`. `sequence` is the number of a message: from 1, without gaps,
/// in the order of the stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ConversationEvent {
    ConversationStarted {
        kind: ConversationKind,
        participants: Vec<AccountId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        context: Option<ConversationContext>,
    },
    ParticipantJoined {
        participant: AccountId,
    },
    ParticipantLeft {
        participant: AccountId,
    },
    MessageSent {
        message_id: MessageId,
        sequence: u64,
        sender: AccountId,
        body: Personal<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
        /// Id of the message in the sender's client.
        client_id: Uuid,
    },
    MessageEdited {
        message_id: MessageId,
        sequence: u64,
        body: Personal<String>,
    },
    /// The text stays in the log, but is no longer shown.
    MessageDeleted {
        message_id: MessageId,
        sequence: u64,
        by: AccountId,
    },
    ConversationRead {
        participant: AccountId,
        up_to: u64,
    },
    ConversationArchived {
        participant: AccountId,
    },
    ConversationUnarchived {
        participant: AccountId,
    },
    /// Messages up to this number are hidden from this participant.
    ConversationCleared {
        participant: AccountId,
        up_to: u64,
    },
    /// The conversation is hidden from the participant's list until the next message.
    ConversationHidden {
        participant: AccountId,
    },
    MessageReported {
        message_id: MessageId,
        sequence: u64,
        by: AccountId,
        reason: Personal<String>,
    },
    /// In a direct conversation, the other participant blocked `participant`, who may no longer write.
    ParticipantBlocked {
        participant: AccountId,
        by: AccountId,
    },
    ParticipantUnblocked {
        participant: AccountId,
        by: AccountId,
    },
}

code_enum!(
    /// Kind of a conversation.
    ConversationKind {
        Direct = "direct",
        Class = "class",
        Lesson = "lesson",
    }
);

/// Class or lesson that a conversation belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationContext {
    Class(ClassId),
    Lesson(SlotId),
}

/// File of a message; its bytes are stored outside the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub object_id: ObjectId,
    pub name: Personal<String>,
    /// Detected from the content, not from the name.
    pub media_type: String,
    pub bytes: u64,
}

event_types!(
    /// Type of an event of a conversation.
    ConversationEventType of ConversationEvent {
        ConversationStarted,
        ParticipantJoined,
        ParticipantLeft,
        MessageSent,
        MessageEdited,
        MessageDeleted,
        ConversationRead,
        ConversationArchived,
        ConversationUnarchived,
        ConversationCleared,
        ConversationHidden,
        MessageReported,
        ParticipantBlocked,
        ParticipantUnblocked,
    }
);

impl DomainEvent for ConversationEvent {
    fn event_type(&self) -> String {
        ConversationEventType::from(self).as_str().to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for ConversationEvent {}
