//! Inbox of the caller.

pub mod dismiss;
pub mod list;
pub mod mark_read;
pub mod unread_count;
