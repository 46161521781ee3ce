//! Files beside messages: uploaded first, then sent, and seen by those who see the message.

mod content;
pub mod download;
pub(in crate::http) mod store;
pub mod upload;
