//! Holds: seats that are reserved for a student for some minutes.

pub mod create;
pub mod release;
