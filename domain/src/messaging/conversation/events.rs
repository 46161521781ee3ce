//! What can have happened in a conversation.

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::code_enum;
use crate::decider::EventEffects;
use crate::ids::{AccountId, ClassId, MessageId, ObjectId, SlotId};
use crate::personal::Personal;

/// Events of the aggregate `Conversation`. `sequence` is the number of a message: from 1, without
/// holes, in the order of the stream.
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
        /// What the sender's client calls it.
        client_id: Uuid,
    },
    MessageEdited {
        message_id: MessageId,
        sequence: u64,
        body: Personal<String>,
    },
    /// What was said stays in the log; nobody is shown it any more.
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
    /// Messages up to this one are shown to this participant no more.
    ConversationCleared {
        participant: AccountId,
        up_to: u64,
    },
    /// Out of the participant's list until the next message.
    ConversationHidden {
        participant: AccountId,
    },
    MessageReported {
        message_id: MessageId,
        sequence: u64,
        by: AccountId,
        reason: Personal<String>,
    },
    /// Of a direct conversation: `participant` writes no more in it, as the other wants.
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
    /// What sort of conversation it is.
    ConversationKind {
        Direct = "direct",
        Class = "class",
        Lesson = "lesson",
    }
);

/// What a conversation belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationContext {
    Class(ClassId),
    Lesson(SlotId),
}

/// A file beside a message: its bytes are kept outside the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub object_id: ObjectId,
    pub name: Personal<String>,
    /// As its content says, not its name.
    pub media_type: String,
    pub bytes: u64,
}

impl DomainEvent for ConversationEvent {
    fn event_type(&self) -> String {
        match self {
            ConversationEvent::ConversationStarted { .. } => "ConversationStarted",
            ConversationEvent::ParticipantJoined { .. } => "ParticipantJoined",
            ConversationEvent::ParticipantLeft { .. } => "ParticipantLeft",
            ConversationEvent::MessageSent { .. } => "MessageSent",
            ConversationEvent::MessageEdited { .. } => "MessageEdited",
            ConversationEvent::MessageDeleted { .. } => "MessageDeleted",
            ConversationEvent::ConversationRead { .. } => "ConversationRead",
            ConversationEvent::ConversationArchived { .. } => "ConversationArchived",
            ConversationEvent::ConversationUnarchived { .. } => "ConversationUnarchived",
            ConversationEvent::ConversationCleared { .. } => "ConversationCleared",
            ConversationEvent::ConversationHidden { .. } => "ConversationHidden",
            ConversationEvent::MessageReported { .. } => "MessageReported",
            ConversationEvent::ParticipantBlocked { .. } => "ParticipantBlocked",
            ConversationEvent::ParticipantUnblocked { .. } => "ParticipantUnblocked",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for ConversationEvent {}
