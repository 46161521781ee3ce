//! Scheduling: series, calendars.

pub mod calendar;
pub mod series;
