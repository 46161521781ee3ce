//! Read models and process managers of scheduling: slots, bookings, requests, waitlists, classes and series.

mod attendance;
mod audience;
mod availability;
mod calendar;
mod classes;
mod contacts;
mod processes;
pub mod requests;
mod series;
mod slots;
mod waitlist;

pub(crate) use attendance::{Attendance, CounterChange, ReviewTotals, apply_attendance, slots_before};
pub(crate) use audience::{Involved, LessonAudience};
pub use availability::{FreeSlots, NextFreeSlot, TimeOfDay, free_slots_of_teachers};
pub use calendar::{CalendarLesson, calendar_lessons};
pub use classes::{
    ClassDetails, ClassFilter, ClassMember, ClassRow, ClassStatus, ClassesReadModel, class_slots, classes,
};
pub(crate) use classes::{class_slots_of_student, classes_of_student, classes_of_teacher};
pub use contacts::find_ties;
pub(crate) use processes::PROPOSAL_EXPIRY_NAME;
pub use processes::{
    ClassMembershipCleanup, ClassMembershipCleanupHandler, ClassSeats, ClassSeatsHandler, RequestHandlers,
    RequestMatching, RequestWaves, SeriesSlots, SeriesSlotsHandler, WaitlistOffers, WaitlistOffersHandler,
    lesson_handlers, lesson_process_managers,
};
pub use series::{SeriesFilter, SeriesReadModel, SeriesRow, count_series, find_time_conflicts, series_of};
pub use slots::{
    BookingRow, Earnings, LessonFilter, LessonRole, LessonRow, LessonSort, LessonStatus, ReviewRow, SlotRow,
    SlotsReadModel, StudentSort, StudentSummary, TimeFilter, bookings_of, build_lesson, earnings_of,
    free_slots_of, lessons_of, names_of, reviews_of, slot_of_hold, slots_of, students_of, teaches,
};
pub use waitlist::{
    WaitlistEntryView, WaitlistReadModel, WaitlistRow, waitlist_entries_of, waitlist_entry_of,
};
