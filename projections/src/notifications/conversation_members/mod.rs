//! Conversation members: the audience of a message.

mod model;
mod queries;

pub use model::ConversationMembersReadModel;
pub(crate) use queries::find_conversation_members;
