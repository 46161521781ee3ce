//! Nodes of the video service, as this OS process sees them over NATS.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use signaling::cluster::{Cluster, NatsCluster, NatsSettings, Placement};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// Interval at which the life of the nodes is looked up.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// Living nodes of the video service. Also ends the stays on a node that died, like a node does.
#[derive(Default)]
pub struct VideoNodes {
    cluster: OnceLock<Arc<NatsCluster>>,
    is_available: AtomicBool,
}

impl VideoNodes {
    /// Watches the nodes on `tasks` until `stop`. NATS may be unavailable at first.
    pub fn start(
        settings: NatsSettings,
        process: Uuid,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Arc<Self> {
        let nodes = Arc::new(Self::default());
        // The name is that of no node: this OS process takes no lesson rooms.
        let me = Placement { node: format!("api-{process}"), url: String::new() };
        let (watched, tracker, stopped) = (nodes.clone(), tasks.clone(), stop.clone());
        let watching = async move {
            let cluster = loop {
                match NatsCluster::connect(&settings, me.clone(), &tracker, &stopped).await {
                    Ok(cluster) => break cluster,
                    Err(error) => tracing::warn!(%error, "the nodes of the video service are unknown"),
                }
                tokio::time::sleep(RECONNECT_AFTER).await;
            };
            let _ = watched.cluster.set(cluster.clone());
            loop {
                // No lesson has this id, so the answer says only whether a node takes lesson rooms.
                let is_available = cluster.place(Uuid::nil()).await.is_ok();
                watched.is_available.store(is_available, Ordering::Relaxed);
                tokio::time::sleep(CHECK_INTERVAL).await;
            }
        };
        let stopped = stop.clone();
        tasks.spawn(async move { stopped.run_until_cancelled(watching).await });
        nodes
    }

    /// Returns whether a node takes lesson rooms, as of the last second.
    pub fn is_available(&self) -> bool {
        self.is_available.load(Ordering::Relaxed)
    }

    /// Returns the node of a lesson room, or the node that would open it; `None` if no node takes lesson rooms.
    pub async fn place(&self, lesson: Uuid) -> Option<Placement> {
        let placed = self.cluster.get()?.place(lesson).await;
        placed.inspect_err(|error| tracing::warn!(%error, %lesson, "a lesson has no video node")).ok()
    }
}
