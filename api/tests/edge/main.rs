//! The edge as its callers meet it: real Postgres, the whole router, no socket.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that can not go on has failed")]

mod account;
mod audit;
mod avatar;
mod bad_input;
mod catalogue;
mod crm;
mod idempotency;
mod lessons;
mod registration;
mod sessions;
mod stopping;
mod world;
