//! What follows from lessons and tickets by themselves, on a real Postgres: in time, once, moved and dropped with them.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod departures;
mod ends;
mod promises;
mod reminders;
mod world;
