//! The contract of the external CRM, and the faults on demand, over real HTTP.

#![allow(clippy::disallowed_methods, reason = "a test may spawn tasks and read the clock")]

mod answers;
mod faults;
mod records_log;
mod tickets;
mod users;
#[expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod world;
