//! Slot: an offered time of a teacher with seats. A slot with a booking is called a lesson.

mod apply;
mod attendance;
mod commands;
mod decide;
mod effects;
mod error;
mod events;
mod slot;
#[cfg(test)]
mod tests;
mod validate;

pub use attendance::LessonAttendance;
pub use commands::{Booker, MovedBooking, NewBooking, NewSlot, SlotCommand};
pub use effects::{
    Cancellation, HoldChange, Involvement, ProposalChange, SeatChange, SlotEffects, TimeChange,
    WaitlistChange,
};
pub use error::SlotError;
pub use events::{BookedBy, HoldEnd, NoShow, ReminderLead, SlotChanges, SlotEvent, WaitEnd};
pub use slot::{
    Booking, BookingStatus, Hold, Lesson, Proposal, Seats, Slot, SlotAvailability, SlotStatus,
    WaitlistedStudent,
};
