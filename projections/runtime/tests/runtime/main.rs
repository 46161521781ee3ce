//! The runtime on a real Postgres and a real NATS (`DATABASE_URL`, `NATS_URL`).

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that panics has failed")]

mod claims;
mod fixture;
mod line;
mod models;
mod rebuilds;
mod relaying;
mod table_log;
mod task_records;
mod tasks;
mod together;
