//! Scheduling: offered times, the lessons that are booked in them, and everything that leads there.

mod availability_series;
mod class;
mod lesson_request;
mod limits;
mod matching;
mod policy;
mod slot;
mod terms;
mod waitlist_entry;

pub use availability_series::{
    AvailabilitySeries, NewSeries, OCCURRENCES_MAX, Occurrence, Recurrence, RecurrenceError, SeriesChange,
    SeriesCommand, SeriesError, SeriesEvent, SeriesRule, SeriesState, instant_of, local_date, local_of,
    tzdb_version,
};
pub use class::{Class, ClassChanges, ClassCommand, ClassError, ClassEvent, ClassTerms, Group};
pub use lesson_request::{
    Excluded, LessonRequest, LessonRequestCommand, LessonRequestError, LessonRequestEvent, NewRequest, Offer,
    OpenRequest, RequestStage, RequestTerms,
};
pub use limits::*;
pub use matching::{Match, RULES_VERSION, TeacherFacts, lesson_price, match_teacher};
pub use policy::{CANCELLATION_POLICY, CancellationPolicy};
pub use slot::{
    BookedBy, Booker, Booking, BookingStage, Hold, HoldEnd, Lesson, MovedBooking, NewBooking, NewSlot,
    NoShow, Proposal, ReminderLead, Seats, Slot, SlotChanges, SlotCommand, SlotError, SlotEvent, SlotStatus,
    Stage, WaitEnd, Waiting,
};
pub use terms::{Agent, LessonFormat, LessonType, Party, Period, Terms};
pub use waitlist_entry::{WaitlistCommand, WaitlistEntry, WaitlistError, WaitlistEvent, WaitlistStage};
