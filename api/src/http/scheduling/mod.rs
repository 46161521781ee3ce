//! Scheduling: the lines for seats, classes.

pub mod classes;
pub mod waitlist;
