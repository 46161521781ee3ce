//! Waitlist entry of one student. The slot stores the waitlist itself.

mod apply;
mod commands;
mod decide;
mod error;
mod events;
#[cfg(test)]
mod tests;
mod waitlist_entry;

pub use commands::WaitlistCommand;
pub use error::WaitlistError;
pub use events::WaitlistEvent;
pub use waitlist_entry::{WaitlistEntry, WaitlistStatus};
