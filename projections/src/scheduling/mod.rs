//! Read models of scheduling: slots with the bookings in them, and requests for lessons.

pub mod requests;
mod slots;

pub use slots::{
    BookingRow, LessonRow, LessonStatus, ReviewRow, SlotRow, Slots, TimeFilter, bookings_of, free_slots_of,
    lesson_of, lessons_of, names_of, reviews_of, slot_of_hold, slots_of, teaches,
};
