//! What the runtime promises, on a real Postgres and a real NATS (`DATABASE_URL`, `NATS_URL`).

mod figures;
mod fixture;
mod models;
mod rebuilds;
mod relaying;
mod tasks;
