//! Opening a room under a claim, keeping the claim, and publishing reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::node::Node;
use super::room_task::{RoomMessage, RoomTask};
use crate::cluster::{Claim, Cluster, ClusterError};
use crate::report::Report;
use crate::room::{Carry, Room, Rules, last_words};
use crate::token::Claims;

const RENEW_EVERY: Duration = Duration::from_secs(1);
const RETRY_AFTER: Duration = Duration::from_millis(250);

/// Claims the lesson and starts its room.
///
/// # Errors
/// `Elsewhere`, `Unavailable`.
pub async fn open(
    node: &Arc<Node>,
    claims: &Claims,
) -> Result<mpsc::UnboundedSender<RoomMessage>, ClusterError> {
    let lesson = claims.lesson;
    let claim = node.cluster.claim(lesson, node.ids.next(), node.now()).await?;
    let rules = Rules { starts_at: claims.starts_at, ends_at: claims.ends_at, auto_admit: claims.auto_admit };
    let room = match &claim.previous {
        None => Room::new(lesson, claim.session, rules),
        Some(previous) => {
            if !previous.closed {
                for report in last_words(lesson, previous.session, &previous.carry, previous.alive_at) {
                    node.reports.publish(report);
                }
            }
            Room::restore(lesson, claim.session, rules, &previous.carry)
        }
    };
    let (sender, messages) = mpsc::unbounded_channel();
    let (carry, carried) = watch::channel(room.carry());
    let task = RoomTask::new(Arc::clone(node), room, carry);
    let stop = node.stop.clone();
    node.tasks.spawn(async move { stop.run_until_cancelled(task.run(messages)).await });
    let (stop, keeper) = (node.stop.clone(), keep(Arc::clone(node), claim, carried, sender.clone()));
    node.claims.fetch_add(1, Ordering::Relaxed);
    let keeping = Arc::clone(node);
    node.tasks.spawn(async move {
        stop.run_until_cancelled(keeper).await;
        keeping.claims.fetch_sub(1, Ordering::Relaxed);
    });
    tracing::info!(%lesson, node = node.config.node, "room opened");
    Ok(sender)
}

/// Renews the claim every second and at every change, until the room ends or another node has it.
async fn keep(
    node: Arc<Node>,
    claim: Claim,
    mut carried: watch::Receiver<Carry>,
    room: mpsc::UnboundedSender<RoomMessage>,
) {
    loop {
        let ended = tokio::select! {
            changed = carried.changed() => changed.is_err(),
            () = tokio::time::sleep(RENEW_EVERY) => false,
        };
        let carry = carried.borrow_and_update().clone();
        if ended {
            if node.stop.is_cancelled() {
                // Killed: what a crash leaves is for the others to clear up.
                return;
            }
            node.cluster.release(&claim, &carry, node.now()).await;
            return;
        }
        match node.cluster.renew(&claim, &carry, node.now()).await {
            Ok(()) => {}
            Err(ClusterError::Unavailable(error)) => {
                tracing::warn!(error, lesson = %claim.lesson, "a claim cannot be renewed");
            }
            Err(ClusterError::Fenced | ClusterError::Elsewhere(_)) => {
                let _ = room.send(RoomMessage::Fenced);
                return;
            }
        }
    }
}

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
