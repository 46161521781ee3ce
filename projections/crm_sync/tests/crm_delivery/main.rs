//! Delivery to the external CRM, on a real Postgres, against a CRM that fails.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests")]

mod admin;
mod changes;
mod faults;
mod healing;
mod odd_answers;
mod older_crm;
mod registration;
mod world;
