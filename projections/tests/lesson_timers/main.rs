//! Timers of lessons and tickets on a real Postgres: on time, once, moved and dropped with their cause.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod absences;
mod departures;
mod ends;
mod promises;
mod reminders;
mod world;
