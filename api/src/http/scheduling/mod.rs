//! Scheduling: offered times, bookings and lessons.

pub mod bookings;
pub mod cancel;
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
