//! Lesson request: a student names a time, and the first teacher who accepts gives the lesson.

mod apply;
mod commands;
mod decide;
mod error;
mod events;
mod lesson_request;
#[cfg(test)]
mod tests;
mod validate;

pub use commands::{LessonRequestCommand, NewRequest, Offer};
pub use error::LessonRequestError;
pub use events::{Excluded, LessonRequestEvent, RequestTerms};
pub use lesson_request::{LessonRequest, OpenRequest, RequestStatus};
