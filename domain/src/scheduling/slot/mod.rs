//! A slot: an offered time of a teacher with seats; with a booking it is what people call a lesson.

mod apply;
mod commands;
mod decide;
mod error;
mod events;
mod slot;
#[cfg(test)]
mod tests;
mod validate;

pub use commands::{Booker, MovedBooking, NewBooking, NewSlot, SlotCommand};
pub use error::SlotError;
pub use events::{BookedBy, HoldEnd, NoShow, ReminderLead, SlotChanges, SlotEvent, WaitEnd};
pub use slot::{Booking, BookingStage, Hold, Lesson, Proposal, Seats, Slot, SlotStatus, Stage, Waiting};
