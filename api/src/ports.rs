//! Ports of the HTTP layer: freshness of read models, and checks of readiness.

use std::time::Duration;

use async_trait::async_trait;

/// Knows how far each read model has come.
#[async_trait]
pub trait Freshness: Send + Sync {
    /// Waits until the read model has applied `position`; `false` when it has not `within` the time
    /// (or there is no such model).
    async fn wait_for(&self, model: &str, position: u64, within: Duration) -> bool;
}

/// Something that has to be well for this process to serve.
#[async_trait]
pub trait ReadinessCheck: Send + Sync {
    /// snake_case; stands in the answer.
    fn name(&self) -> &str;

    /// # Errors
    /// Why it is not well, in a few words that name no person and no secret.
    async fn check(&self) -> Result<(), String>;
}
