//! Attachments: uploaded first, then sent with a message, and visible to the readers of the message.

mod content;
pub mod download;
pub(in crate::http) mod store;
pub mod upload;
