//! Messaging: conversations of two or more, their messages, and how far each participant has read.

mod commands;
mod conversation;
mod deciding;
mod error;
mod events;
mod message_ids;
#[cfg(test)]
mod tests;

pub use commands::{ConversationCommand, Draft, NewConversation, SentMessage};
pub use conversation::{Conversation, Participant, Thread};
pub use error::ConversationError;
pub use events::{Attachment, ConversationContext, ConversationEvent, ConversationKind};
pub use message_ids::{
    class_conversation_id, direct_conversation_id, lesson_conversation_id, message_id, send_command_id,
};

/// The longest message, in characters.
pub const BODY_LIMIT: usize = 10_000;
/// Attachments of one message.
pub const ATTACHMENTS_MAX: usize = 10;
/// The longest name of an attachment, in characters.
pub const FILE_NAME_LIMIT: usize = 200;
/// Participants of one conversation.
pub const PARTICIPANTS_MAX: usize = 200;
/// The longest reason of a report, in characters.
pub const REPORT_REASON_LIMIT: usize = 1_000;
