//! The inbox of an account: its notifications, and what its person wants to be told.

mod apply;
mod commands;
mod decide;
mod error;
mod events;
mod inbox;
#[cfg(test)]
mod tests;

pub use commands::{InboxCommand, NewNotification, Preference};
pub use error::InboxError;
pub use events::{Cause, InboxEvent, Wait};
pub use inbox::{Entry, Inbox};
