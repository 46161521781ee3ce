//! What students said of lessons.

pub mod list;
