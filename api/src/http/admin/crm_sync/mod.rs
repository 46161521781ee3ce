//! The link to the external CRM: how it is doing, what waits, and doing it again.

pub mod attempts;
pub mod deliveries;
pub mod get;
pub mod integration;
pub mod reconcile;
pub mod retry;
pub mod retry_all;
pub mod sync;
pub mod test_connection;
