//! The HTTP layer: real Postgres, the whole router, no socket.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot continue has failed")]

mod account;
mod audit;
mod avatar;
mod bad_input;
mod catalogue;
mod connections;
mod crm;
mod dropped_transactions;
mod idempotency;
mod lessons;
mod masking;
mod registration;
mod session_starts;
mod sessions;
mod stopping;
mod stored_answers;
mod throttles;
mod web;
mod world;
