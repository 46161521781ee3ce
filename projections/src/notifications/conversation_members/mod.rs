//! Whom a message concerns.

mod model;
mod queries;

pub use model::ConversationMembersReadModel;
pub(crate) use queries::find_conversation_members;
