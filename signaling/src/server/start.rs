//! Starts a node: media, reports, the HTTP server, and announcements to the other nodes.

use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::http;
use super::node::{Node, NodeHandle, NodeParts};
use super::reports::Reports;
use crate::media::Engine;

/// The kernel's queue of one socket; what exceeds it waits in ours, which is bounded and watched.
const KERNEL_QUEUE_BYTES: usize = 128 << 10;
/// Interval of the announcements of a node.
const ANNOUNCE_INTERVAL: Duration = Duration::from_secs(1);

impl Node {
    /// Binds both ports and serves until the handle stops it.
    ///
    /// # Errors
    /// The operating system's, when a port cannot be bound.
    pub async fn start(parts: NodeParts, listener: tokio::net::TcpListener) -> std::io::Result<NodeHandle> {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let engine =
            Engine::start(parts.config.media, &parts.config.announce, parts.config.workers, &tasks, &stop)?;
        let address = listener.local_addr()?;
        rustix::net::sockopt::set_socket_send_buffer_size(&listener, KERNEL_QUEUE_BYTES)?;
        let reports = Reports::start(Arc::clone(&parts.cluster), &tasks, &stop);
        let node = Arc::new(Self::new(parts, engine, reports, tasks, stop));
        node.cluster.announce(0, false, node.now()).await;
        let (router, stopped) = (http::router(Arc::clone(&node)), node.stop.clone());
        node.tasks.spawn(async move {
            let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
            // A frame is one small packet: without this, each second one waits 40 ms for the receipt of the first.
            let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
            let serving = axum::serve(listener, service);
            if let Some(Err(error)) = stopped.run_until_cancelled(async { serving.await }).await {
                tracing::error!(%error, "the server has ended");
            }
        });
        let announcing = Arc::clone(&node);
        node.tasks.spawn(async move {
            let stop = announcing.stop.clone();
            stop.run_until_cancelled(announcing.keep_announcing()).await
        });
        tracing::info!(node = node.config.node, %address, media = ?node.engine.announced(), "started");
        Ok(NodeHandle { node, address })
    }

    async fn keep_announcing(&self) {
        let mut every = tokio::time::interval(ANNOUNCE_INTERVAL);
        loop {
            every.tick().await;
            self.cluster.announce(self.people() as u32, self.is_draining(), self.now()).await;
        }
    }
}
