//! Slot: an offered time of a teacher with seats. A slot with a booking is called a lesson.

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
pub use slot::{
    Booking, BookingStatus, Hold, Lesson, Proposal, Seats, Slot, SlotAvailability, SlotStatus,
    WaitlistedStudent,
};
