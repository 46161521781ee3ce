//! Ports of the HTTP layer: freshness of read models, and checks of readiness.

use domain::Position;
use std::time::Duration;

use async_trait::async_trait;

/// Progress of the read models.
#[async_trait]
pub trait Freshness: Send + Sync {
    /// Waits until the read model has applied `position`. Returns `false` if it has not `within` the time, or
    /// if there is no such read model.
    async fn wait_for(&self, model: &str, position: Position, within: Duration) -> bool;
}

/// A dependency that must work for this OS process to be ready.
#[async_trait]
pub trait ReadinessCheck: Send + Sync {
    /// Name of the check in snake_case, as in the answer of `/health/ready`.
    fn name(&self) -> &str;

    /// Checks the dependency.
    ///
    /// # Errors
    /// The reason in a few words, without personal data and secrets.
    async fn check(&self) -> Result<(), String>;
}
