//! Reports of a node to NATS, published in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cluster::Cluster;
use crate::report::Report;

const RETRY_AFTER: Duration = Duration::from_millis(250);

/// Publishes reports in order, each until it is taken.
pub struct Reports {
    sender: mpsc::UnboundedSender<Report>,
    waiting: Arc<AtomicUsize>,
}

impl Reports {
    pub fn start(cluster: Arc<dyn Cluster>, tasks: &TaskTracker, stop: &CancellationToken) -> Self {
        let (sender, mut reports) = mpsc::unbounded_channel::<Report>();
        let waiting = Arc::new(AtomicUsize::new(0));
        let (left, stop) = (Arc::clone(&waiting), stop.clone());
        let publishing = async move {
            while let Some(report) = reports.recv().await {
                while let Err(error) = cluster.report(&report).await {
                    tracing::warn!(%error, report = %report.id, "a report cannot be published yet");
                    tokio::time::sleep(RETRY_AFTER).await;
                }
                left.fetch_sub(1, Ordering::Relaxed);
            }
        };
        tasks.spawn(async move { stop.run_until_cancelled(publishing).await });
        Self { sender, waiting }
    }

    pub fn publish(&self, report: Report) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if self.sender.send(report).is_err() {
            tracing::error!("the node is stopped and a report is lost; the next claim makes up for it");
        }
    }

    pub fn are_done(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) == 0
    }
}
