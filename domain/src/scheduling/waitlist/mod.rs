//! A place in the line for a seat: the line itself is kept by the slot, this is one person's way in it.

mod commands;
mod error;
mod events;
mod state;
#[cfg(test)]
mod tests;

pub use commands::WaitlistCommand;
pub use error::WaitlistError;
pub use events::WaitlistEvent;
pub use state::{WaitlistEntry, WaitlistStage};
