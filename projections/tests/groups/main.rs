//! Process managers of the waitlist and of classes, with the real log and the real read models.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod classes;
mod conversations;
mod line;
mod rows;
mod world;
