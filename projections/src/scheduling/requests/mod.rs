//! Lesson requests: terms, offers to teachers with their reasons, and the accepted lesson.

mod candidates;
mod exclusions;
mod model;
mod queries;
mod rows;

pub(crate) use candidates::{TeacherCandidate, find_candidates};
pub(crate) use exclusions::excluded_until_later;
pub use exclusions::exclusions;
pub use model::LessonRequestsReadModel;
pub use queries::{offers, own_requests, request, requests_for_teacher};
pub(crate) use queries::{open_requests_for, open_requests_of};
pub use rows::{OfferRow, RequestRow};
