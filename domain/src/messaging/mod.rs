//! Messaging: conversations of two or more, their messages, and how far each participant has read.

mod conversation;
mod derived_ids;
mod limits;

pub use conversation::{
    Attachment, Conversation, ConversationCommand, ConversationContext, ConversationError, ConversationEvent,
    ConversationKind, Draft, NewConversation, Participant, SentMessage, Thread,
};
pub use derived_ids::{
    class_conversation_id, direct_conversation_id, lesson_conversation_id, message_id, send_command_id,
};
pub use limits::*;
