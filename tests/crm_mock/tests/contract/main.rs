//! The contract of the external CRM, and the faults on demand, over real HTTP.

mod answers;
mod faults;
mod records_log;
mod tickets;
mod users;
#[expect(clippy::unwrap_used, reason = "a test panics when its world breaks")]
mod world;
