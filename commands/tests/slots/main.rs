//! Slots under concurrent commands: several processes on one log, compared with a model in memory.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod crowd;
mod model;
mod moves;
mod races;
mod school;
