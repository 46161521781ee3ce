//! Conversations: who takes part, what is said, what each participant has read.

pub mod attachments;
pub mod conversations;
pub mod export;
pub mod log_lookup;
pub mod messages;
