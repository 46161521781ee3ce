//! Scheduling: offered times, lessons and what leads to them, series, classes, calendars.

pub mod active_teacher;
pub mod bookings;
pub mod calendar;
pub mod cancellation_terms;
pub mod classes;
pub mod export;
pub mod holds;
pub mod lesson_requests;
pub mod lessons;
pub mod reviews;
pub mod series;
pub mod slots;
pub mod students;
pub mod waitlist;
