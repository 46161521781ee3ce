//! Scheduling: offered times, series of them, bookings and lessons, the line for a seat, classes, calendars.

pub mod bookings;
pub mod calendar;
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
pub mod series;
pub mod slot;
pub mod slots;
pub mod students;
pub mod waitlist;
