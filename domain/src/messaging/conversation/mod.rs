//! A conversation: its messages, and the read position of each participant.

mod apply;
mod commands;
mod conversation;
mod decide;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use commands::{ConversationCommand, NewConversation, NewMessage, SentMessage};
pub use conversation::{Conversation, ConversationState, Participant};
pub use error::ConversationError;
pub use events::{
    Attachment, ConversationContext, ConversationEvent, ConversationEventType, ConversationKind,
};
