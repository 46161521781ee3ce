//! Whom a message concerns.

mod model;
mod queries;

pub use model::Talks;
pub(crate) use queries::talk;
