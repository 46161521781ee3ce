//! A lesson request: a student names a time, and the first teacher who accepts has the lesson.

mod checks;
mod commands;
mod decide;
mod error;
mod events;
mod state;
#[cfg(test)]
mod tests;

pub use commands::{LessonRequestCommand, NewRequest, Offer};
pub use error::LessonRequestError;
pub use events::{Excluded, LessonRequestEvent, RequestTerms};
pub use state::{LessonRequest, OpenRequest, RequestStage};
