//! Slots with their bookings and holds: the calendar of a teacher, and the lessons of both parties.

mod apply;
mod initial_rows;
mod model;
mod queries;
mod rows;
mod students;

pub use apply::build_lesson;
pub use model::SlotsReadModel;
pub use queries::{
    LessonFilter, LessonRole, LessonRow, LessonSort, LessonStatus, ReviewRow, TimeFilter, bookings_of,
    free_slots_of, lessons_of, names_of, reviews_of, slot_of_hold, slots_of, teaches,
};
pub use rows::{BookingRow, SlotRow};
pub use students::{Earnings, StudentSort, StudentSummary, earnings_of, students_of};
