//! Node of the video service in this OS process: started, and drained at the end.

use std::net::SocketAddr;
use std::sync::Arc;

use domain::{RandomIds, SystemClock};
use signaling::cluster::{ClusterError, NatsCluster, Placement};
use signaling::server::{Node, NodeHandle, NodeParts};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, VideoKeyError};

/// Running node.
pub struct VideoNode {
    handle: NodeHandle,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// Failure to start a node.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    #[error("{address} cannot be listened on (video.listen, KAFEDRA_VIDEO__LISTEN chooses another)")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("the media port {address} cannot be bound (video.media, KAFEDRA_VIDEO__MEDIA chooses another)")]
    Media { address: SocketAddr, source: std::io::Error },
    #[error(transparent)]
    Key(#[from] VideoKeyError),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

impl VideoNode {
    /// Starts the node of the configuration.
    ///
    /// # Errors
    /// [`NodeError`] if a port is in use, the key cannot be read, or NATS is unavailable.
    pub async fn start(config: &Config, nats_url: &str) -> Result<Self, NodeError> {
        let (wanted, media) = (config.video.listen, config.video.media);
        let listen = |source| NodeError::Listen { address: wanted, source };
        let listener = TcpListener::bind(wanted).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (key, node) = (config.video_token_key()?, config.video_node(address));
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let me = Placement { node: node.node.clone(), url: node.url.clone() };
        let cluster = NatsCluster::connect(&config.video_nats(nats_url), me, &tasks, &stop).await?;
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(RandomIds));
        let parts = NodeParts { config: node, key, cluster, clock, ids };
        let started = Node::start(parts, listener).await;
        let handle = started.map_err(|source| NodeError::Media { address: media, source })?;
        Ok(Self { handle, tasks, stop })
    }

    /// Returns the TCP address of the WebSocket.
    pub fn address(&self) -> SocketAddr {
        self.handle.address
    }

    /// Tells people to move, and ends when all have gone or the time is over.
    pub async fn drain(self) {
        self.handle.drain().await;
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
