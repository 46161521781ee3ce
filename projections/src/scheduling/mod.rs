//! Read models of scheduling: slots with the bookings in them.

mod slots;

pub use slots::{BookingRow, SlotRow, Slots, lesson_of};
