//! Classes: groups of students of one teacher.

pub mod collection;
pub mod one;
pub mod students;
mod unseated;
mod view;
