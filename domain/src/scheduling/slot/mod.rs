//! A slot: an offered time of a teacher with seats; with a booking it is what people call a lesson.

mod applying;
mod cancelling;
mod commands;
mod error;
mod events;
mod holding;
mod line;
mod opening;
mod rescheduling;
mod seats;
mod state;
mod texts;

pub use commands::{NewBooking, NewSlot, SlotCommand};
pub use error::SlotError;
pub use events::{BookedBy, HoldEnd, NoShow, ReminderLead, SlotChanges, SlotEvent, WaitEnd};
pub use state::{Booking, BookingStage, Hold, Lesson, Proposal, Seats, Slot, SlotStatus, Stage, Waiting};

#[cfg(test)]
mod tests;
