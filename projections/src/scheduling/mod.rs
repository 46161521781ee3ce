//! Read models of scheduling: slots with the bookings in them, what is free, who came, lines, classes, series.

mod attendance;
mod calendar;
mod classes;
mod free_times;
mod processes;
pub mod requests;
mod series;
mod slots;
mod waitlist;

pub(crate) use attendance::{Attendance, Reviews, Step, attended, concerned};
pub use calendar::{CalendarLesson, calendar_of};
pub use classes::{
    ClassFilter, ClassListed, ClassMember, ClassRow, ClassStatus, Classes, class_slots, classes,
};
pub(crate) use classes::{class_slots_of, classes_led_by, classes_with};
pub use free_times::{NextSlot, Offers, TimeOfDay, offers};
pub(crate) use processes::PROPOSAL_EXPIRY_NAME;
pub use processes::{
    ClassMembershipCleanup, ClassMembershipCleanupHandler, ClassSeats, ClassSeatsHandler, RequestHandlers,
    RequestMatching, SeriesSlots, SeriesSlotsHandler, WaitlistOffers, WaitlistOffersHandler, lesson_handlers,
    lesson_processes,
};
pub use series::{SeriesFilter, SeriesModel, SeriesRow, count_series, series_of, time_conflicts};
pub use slots::{
    BookingRow, LessonRow, LessonStatus, ReviewRow, SlotRow, Slots, TimeFilter, bookings_of, free_slots_of,
    lesson_of, lessons_of, names_of, reviews_of, slot_of_hold, slots_of, teaches,
};
pub use waitlist::{Waitlist, WaitlistPlace, WaitlistRow, place_in_line, places_in_lines};
