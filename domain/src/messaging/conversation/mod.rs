//! A conversation: its messages, and how far each participant has read.

mod apply;
mod commands;
mod conversation;
mod decide;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use commands::{ConversationCommand, Draft, NewConversation, SentMessage};
pub use conversation::{Conversation, Participant, Thread};
pub use error::ConversationError;
pub use events::{Attachment, ConversationContext, ConversationEvent, ConversationKind};
