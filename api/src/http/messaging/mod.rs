//! Messaging: conversations, their participants, messages and attachments.

pub mod attachments;
pub mod conversations;
pub mod export;
pub mod log_lookup;
pub mod messages;
