//! Lessons: list, reschedule, cancel, conduct and review.

pub mod accept_reschedule;
pub mod attendance;
pub mod cancel;
pub mod complete;
pub mod conduct;
pub mod decline_reschedule;
pub mod get;
pub mod list;
pub mod no_show;
pub mod report;
pub mod reschedule;
pub mod review;
pub mod start;
pub mod video_token;
pub mod view;
