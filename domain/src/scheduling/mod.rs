//! Scheduling: slots, lessons, series, classes, lesson requests and waitlists.

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
pub use class::{Class, ClassChanges, ClassCommand, ClassError, ClassEvent, ClassState, ClassTerms};
pub use lesson_request::{
    Excluded, LessonRequest, LessonRequestCommand, LessonRequestError, LessonRequestEvent, NewRequest, Offer,
    OpenRequest, RequestStatus, RequestTerms,
};
pub use limits::*;
pub use matching::{Match, RULES_VERSION, TeacherFacts, lesson_price, match_teacher};
pub use policy::{CANCELLATION_POLICY, CancellationPolicy};
pub use slot::{
    BookedBy, Booker, Booking, BookingStatus, Cancellation, Hold, HoldChange, HoldEnd, Involvement, Lesson,
    LessonAttendance, MovedBooking, NewBooking, NewSlot, NoShow, Proposal, ProposalChange, ReminderLead,
    SeatChange, Seats, Slot, SlotAvailability, SlotChanges, SlotCommand, SlotEffects, SlotError, SlotEvent,
    SlotStatus, TimeChange, WaitEnd, WaitlistChange, WaitlistedStudent,
};
pub use terms::{Initiator, LessonFormat, LessonType, Party, Period, SlotTerms};
pub use waitlist_entry::{WaitlistCommand, WaitlistEntry, WaitlistError, WaitlistEvent, WaitlistStatus};
