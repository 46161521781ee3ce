//! Seats that are kept while a student makes up their mind.

pub mod create;
pub mod release;
