//! Lesson requests: a student names a time, teachers who match are asked, the first who accepts has it.

pub mod accept;
pub mod decline;
pub mod make;
pub mod matching;
pub mod read;
mod view;
