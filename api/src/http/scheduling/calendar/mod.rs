//! Calendars: a person's feed, and single lessons, as iCalendar (RFC 5545).

pub mod get_feed;
pub mod get_lesson;
pub mod ics;
pub mod rotate_feed;
