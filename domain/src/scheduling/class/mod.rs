//! A class: a group of students of one teacher.

mod checks;
mod commands;
mod error;
mod events;
mod state;
#[cfg(test)]
mod tests;

pub use commands::{ClassChanges, ClassCommand, ClassTerms};
pub use error::ClassError;
pub use events::ClassEvent;
pub use state::{Class, Group};
