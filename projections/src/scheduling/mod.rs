//! Read models of scheduling: slots with the bookings in them, the lines for seats, classes.

mod calendar;
mod classes;
mod series;
mod slots;
mod waitlist;

pub use calendar::{CalendarLesson, calendar_of};
pub use classes::{
    ClassFilter, ClassMember, ClassRow, ClassStatus, Classes, class_slots, classes, has_taught, people,
};
pub use series::{SeriesFilter, SeriesModel, SeriesRow, series_of, time_conflicts};
pub use slots::{BookingRow, SlotRow, Slots, lesson_of};
pub use waitlist::{Waitlist, WaitlistPlace, WaitlistRow, place_in_line, places_in_lines};
