//! Read models and process managers of video lessons: attendance, absences, and reports of the signaling service.

mod attendance;
mod processes;

pub use attendance::{AttendanceReadModel, RoomAttendance, StayRow, load_attendance};
pub use processes::{NoShowProposals, NoShowProposalsHandler, ReportConsumer};
