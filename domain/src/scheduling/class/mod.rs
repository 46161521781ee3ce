//! A class: a group of students of one teacher.

mod commands;
mod error;
mod events;
mod state;

pub use commands::{ClassChanges, ClassCommand, ClassTerms};
pub use error::ClassError;
pub use events::ClassEvent;
pub use state::{Class, Group};
