//! What the line for seats and the seats of classes promise, with the real log, processes and read models.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod classes;
mod conversations;
mod line;
mod rows;
mod world;
