//! Process managers of messaging.

mod membership;

pub use membership::{ConversationMembership, ConversationMembershipHandler};
