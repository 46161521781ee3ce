//! Calendars in the iCalendar format (RFC 5545): the feed of a person, and single lessons.

pub mod get_feed;
pub mod get_lesson;
pub mod ics;
pub mod rotate_feed;
