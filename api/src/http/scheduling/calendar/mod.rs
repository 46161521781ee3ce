//! Calendars: a person's feed, and single lessons, as iCalendar (RFC 5545).

pub mod feed;
pub mod ics;
pub mod lesson;
