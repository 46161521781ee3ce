//! A place in the line for a seat: the line itself is kept by the slot, this is one person's way in it.

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
pub use waitlist_entry::{WaitlistEntry, WaitlistStage};
