//! The link to the external CRM: deliveries of accounts and welcome tickets, and their comparison with the log.

mod attempts;
mod backoff;
mod books;
mod breaker;
mod calls;
mod circuit;
mod client;
mod connection_test;
mod deliver;
pub mod deliveries;
mod integration;
mod process_manager;
mod reconcile;
mod status;
mod sync;
mod tasks;
mod truth;
mod wire;

pub use attempts::{Attempt, list_attempts};
pub use backoff::Backoff;
pub use circuit::{Circuit, CircuitPolicy, Permit, Signal};
pub use client::{CrmServer, CrmServerError};
pub use connection_test::ConnectionTest;
pub use integration::{CrmIntegration, CrmIntegrationError, CrmSettings};
pub use process_manager::{CRM_DELIVERY, CrmDelivery};
pub use reconcile::{DriftEntry, ReconcileReport};
pub use status::{IntegrationStatus, LatencyMs};
pub use sync::{RetryReport, SyncReport};
pub use tasks::CrmDeliveryHandler;
