//! The inbox of an account: its notifications and the person's preferences.

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
pub use events::{Cause, DeliveryDelay, InboxEvent};
pub use inbox::{Inbox, InboxItem};
