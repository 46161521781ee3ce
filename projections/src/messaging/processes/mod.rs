//! Process managers of messaging.

mod conversations;

pub use conversations::{ConversationHandler, ConversationKeeper};
