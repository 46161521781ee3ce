//! Scheduling: offered times, the lessons that are booked in them, and everything that leads there.

mod class;
mod limits;
mod matching;
mod policy;
mod request;
mod series;
mod slot;
mod terms;
mod waitlist;

pub use class::{Class, ClassChanges, ClassCommand, ClassError, ClassEvent, ClassTerms, Group};
pub use limits::*;
pub use matching::{Match, RULES_VERSION, TeacherFacts, lesson_price, match_teacher};
pub use policy::{CANCELLATION_POLICY, CancellationPolicy};
pub use request::{
    Excluded, LessonRequest, LessonRequestCommand, LessonRequestError, LessonRequestEvent, NewRequest, Offer,
    OpenRequest, RequestStage, RequestTerms,
};
pub use series::{
    AvailabilitySeries, NewSeries, OCCURRENCES_MAX, Occurrence, Recurrence, RecurrenceError, SeriesChange,
    SeriesCommand, SeriesError, SeriesEvent, SeriesRule, SeriesState, instant_of, local_date, local_of,
    tzdb_version,
};
pub use slot::{
    BookedBy, Booking, BookingStage, Hold, HoldEnd, Lesson, NewBooking, NewSlot, NoShow, Proposal,
    ReminderLead, Seats, Slot, SlotChanges, SlotCommand, SlotError, SlotEvent, SlotStatus, Stage, WaitEnd,
    Waiting,
};
pub use terms::{Agent, LessonFormat, LessonType, Party, Period, Terms};
pub use waitlist::{WaitlistCommand, WaitlistEntry, WaitlistError, WaitlistEvent, WaitlistStage};
