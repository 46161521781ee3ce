//! Reviews of lessons by students.

pub mod list;
