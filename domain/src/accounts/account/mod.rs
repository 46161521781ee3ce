//! An account: its commands, its events, and the rules between them.

mod account;
mod apply;
mod commands;
mod decide;
mod error;
mod events;
mod link;
#[cfg(test)]
mod tests;

pub use account::{Account, Person};
pub use commands::{AccountCommand, Correction, Registration};
pub use error::AccountError;
pub use events::{AccountEvent, AccountEventType, EMAIL_SCOPE, NICKNAME_SCOPE};
pub use link::LinkPurpose;
