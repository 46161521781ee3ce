//! The log on a real Postgres.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod chains;
mod claims;
mod conformance;
mod contract;
mod dropped_commands;
mod exactly_once;
mod order;
mod outages;
mod privacy;
mod probe;
mod snapshots;
