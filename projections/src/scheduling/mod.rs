//! Read models of scheduling: slots with the bookings in them, what is free of them, and who came.

mod attendance;
mod free_times;
mod slots;

pub(crate) use attendance::{Attendance, Reviews, attended, concerned};
pub use free_times::{NextSlot, Offers, TimeOfDay, offers};
pub use slots::{
    BookingRow, LessonRow, LessonStatus, ReviewRow, SlotRow, Slots, TimeFilter, bookings_of, free_slots_of,
    lesson_of, lessons_of, names_of, reviews_of, slot_of_hold, slots_of, teaches,
};
