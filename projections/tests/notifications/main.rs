//! What people are told and how it reaches them, on a real Postgres, with a mail server that may misbehave.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod kinds;
mod mails;
mod smtp;
mod world;
