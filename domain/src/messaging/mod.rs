//! Messaging: conversations of two or more people, their messages, and each participant's read position.

mod contact_rule;
mod conversation;
mod derived_ids;
mod limits;

pub use contact_rule::{Ties, may_write};
pub use conversation::{
    Attachment, Conversation, ConversationCommand, ConversationContext, ConversationError, ConversationEvent,
    ConversationEventType, ConversationKind, ConversationState, NewConversation, NewMessage, Participant,
    SentMessage,
};
pub use derived_ids::{
    class_conversation_id, direct_conversation_id, lesson_conversation_id, message_id, send_command_id,
};
pub use limits::*;
