//! Class: a group of students of one teacher.

mod apply;
mod class;
mod commands;
mod decide;
mod error;
mod events;
#[cfg(test)]
mod tests;
mod validate;

pub use class::{Class, ClassState};
pub use commands::{ClassChanges, ClassCommand, ClassTerms};
pub use error::ClassError;
pub use events::ClassEvent;
