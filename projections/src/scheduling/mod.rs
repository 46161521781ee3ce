//! Read models of scheduling: slots with the bookings in them, what is free of them, and who came.

mod attendance;
mod free_times;
mod slots;

pub(crate) use attendance::{Attendance, Reviews, attended, concerned};
pub use free_times::{NextSlot, Offers, TimeOfDay, offers};
pub use slots::{BookingRow, SlotRow, Slots, lesson_of};
