//! The link to the external CRM: deliveries of accounts and welcome tickets, and their reconciliation.

mod backoff;
mod breaker;
mod call_failure;
mod call_log;
mod circuit;
mod client;
mod comparison;
mod connection_probe;
mod crm_api;
pub mod deliveries;
mod delivery_attempt;
mod delivery_reporter;
mod expected;
mod integration;
mod operations;
mod process_manager;
mod recheck;
mod reconcile;
mod status;
mod sync;
mod tasks;
mod wire;

pub use backoff::Backoff;
pub use call_log::{CallAttempt, list_attempts};
pub use circuit::{Circuit, CircuitPolicy, Permit, Signal};
pub use client::{CrmServer, CrmServerError};
pub use connection_probe::{ConnectionTest, OperationTest};
pub use integration::{CrmIntegration, CrmIntegrationError, CrmSettings};
pub use operations::{Operation, UnsupportedOperation};
pub use process_manager::{CRM_DELIVERY, CrmDelivery};
pub use reconcile::{DriftEntry, ReconcileReport};
pub use status::{IntegrationStatus, LatencyMs};
pub use sync::{RetryReport, SyncReport};
pub use tasks::CrmDeliveryHandler;
