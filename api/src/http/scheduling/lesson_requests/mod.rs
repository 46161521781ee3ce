//! Lesson requests: a student names a time, teachers who match are asked, the first who accepts has it.

pub mod accept;
pub mod cancel;
pub mod create;
pub mod decline;
pub mod get;
pub mod list;
pub mod matching;
mod view;
