//! Notifications and their delivery, on a real Postgres, with a mail server that may fail.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod kinds;
mod mails;
mod smtp;
mod world;
