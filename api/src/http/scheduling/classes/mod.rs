//! Classes: groups of students of one teacher.

pub mod add_student;
pub mod change;
pub mod close;
pub mod create;
pub mod get;
pub mod list;
pub mod remove_student;
mod unseated;
mod view;
