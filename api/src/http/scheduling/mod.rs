//! Scheduling: offered times, bookings and lessons, the line for a seat, classes.

pub mod bookings;
pub mod cancel;
pub mod classes;
pub mod conduct;
pub mod export;
pub mod holds;
pub mod lesson;
pub mod lessons;
pub mod offers;
pub mod reschedule;
pub mod reviews;
pub mod slot;
pub mod slots;
pub mod students;
pub mod waitlist;
//! Scheduling: series, calendars.
pub mod calendar;
pub mod series;
