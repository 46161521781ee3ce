//! Read models of scheduling: slots with the bookings in them, and requests for lessons.

pub mod requests;
mod slots;

pub use slots::{BookingRow, SlotRow, Slots, lesson_of};
