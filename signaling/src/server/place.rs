//! Opens a room under a claim, and keeps the claim.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::messages::RoomMessage;
use super::node::Node;
use super::room_task::RoomTask;
use crate::cluster::{Claim, ClusterError};
use crate::protocol::CloseCode;
use crate::room::{Carry, Room, Rules, last_words};
use crate::token::Claims;

const RENEW_EVERY: Duration = Duration::from_secs(1);

impl Node {
    /// Returns the lesson's room, which is opened if this node may have it.
    ///
    /// # Errors
    /// `Draining` if the lesson belongs elsewhere or this node takes no rooms; `Internal` without the broker.
    pub(super) async fn room(
        self: &Arc<Self>,
        claims: &Claims,
    ) -> Result<mpsc::UnboundedSender<RoomMessage>, CloseCode> {
        if let Some(sender) = self.open_room(claims.lesson) {
            return Ok(sender);
        }
        let _one_at_a_time = self.opening.lock().await;
        if let Some(sender) = self.open_room(claims.lesson) {
            return Ok(sender);
        }
        if self.is_draining() {
            return Err(CloseCode::Draining);
        }
        let sender = open(self, claims).await.map_err(|error| match error {
            ClusterError::Elsewhere(_) | ClusterError::Fenced => CloseCode::Draining,
            ClusterError::Unavailable(error) => {
                tracing::error!(error, lesson = %claims.lesson, "a lesson cannot be claimed");
                CloseCode::Internal
            }
        })?;
        self.add_room(claims.lesson, sender.clone());
        Ok(sender)
    }
}

/// Claims the lesson and starts its room.
///
/// # Errors
/// `Elsewhere`, `Unavailable`.
async fn open(node: &Arc<Node>, claims: &Claims) -> Result<mpsc::UnboundedSender<RoomMessage>, ClusterError> {
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
