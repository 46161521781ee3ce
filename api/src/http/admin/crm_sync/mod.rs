//! Link to the external CRM: status, deliveries, calls, retry and reconciliation.

pub mod attempts;
pub mod deliveries;
pub mod get;
pub mod integration;
pub mod reconcile;
pub mod retry;
pub mod retry_all;
pub mod sync;
pub mod test_connection;
