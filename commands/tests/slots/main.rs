//! Slots under many hands: several processes on one log, held against a model in memory.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod crowd;
mod model;
mod moves;
mod races;
mod school;
