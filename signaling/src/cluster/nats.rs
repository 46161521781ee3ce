//! Nodes over NATS.

/// Settings of the broker.
#[derive(Debug, Clone)]
pub struct NatsSettings {
    pub url: String,
    pub prefix: String,
}

/// Nodes over NATS JetStream.
pub struct NatsCluster;
