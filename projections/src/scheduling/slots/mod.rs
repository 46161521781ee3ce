//! Offered times, the bookings in them and the seats that are held: the calendar of a teacher, the lessons
//! of both sides.

mod born;
mod fold;
mod model;
mod rows;

pub use fold::lesson_of;
pub use model::Slots;
pub use rows::{BookingRow, SlotRow};
