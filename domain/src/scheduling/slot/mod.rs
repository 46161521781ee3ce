//! A slot: an offered time of a teacher with seats; with a booking it is what people call a lesson.

mod commands;
mod error;
mod events;
mod state;

pub use commands::{NewBooking, NewSlot, SlotCommand};
pub use error::SlotError;
pub use events::{BookedBy, HoldEnd, NoShow, ReminderLead, SlotChanges, SlotEvent, WaitEnd};
pub use state::{Booking, BookingStage, Hold, Lesson, Proposal, Slot, SlotStatus, Stage, Waiting};
