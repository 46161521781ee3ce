//! Attendance of lessons: the stays in their lesson rooms, and the proposed absences.

mod model;
mod queries;

pub use model::AttendanceReadModel;
pub use queries::{RoomAttendance, StayRow, load_attendance};
