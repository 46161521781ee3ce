//! Lesson requests: a student asks for a time, matching teachers get an offer, the first who accepts has the
//! lesson.

pub mod accept;
pub mod cancel;
pub mod create;
pub mod decline;
pub mod get;
pub mod list;
pub mod matching;
pub(in crate::http) mod view;
