//! Conversations: who takes part, what is said, what each participant has read.

pub mod attachments;
pub mod collection;
pub mod export;
pub mod message;
pub mod messages;
pub mod own_view;
pub mod search;
pub mod send;
mod view;
