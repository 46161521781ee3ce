//! A node: its rooms, tokens, media and servers, from start to drain.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Clock, Ids};
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::messages::RoomMessage;
use super::reports::Reports;
use super::times::Times;
use crate::cluster::Cluster;
use crate::config::Config;
use crate::media::Engine;
use crate::protocol::CloseCode;
use crate::token::{Claims, TokenError, TokenKey, UsedTokens};

/// Components of a node.
pub struct NodeParts {
    pub config: Config,
    pub key: TokenKey,
    pub cluster: Arc<dyn Cluster>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

pub(super) struct RoomEntry {
    pub sender: mpsc::UnboundedSender<RoomMessage>,
    pub people: usize,
}

/// A running node.
pub struct Node {
    pub config: Config,
    pub key: TokenKey,
    pub engine: Engine,
    pub(super) cluster: Arc<dyn Cluster>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) reports: Reports,
    pub(super) times: Times,
    pub(super) sockets: AtomicUsize,
    /// Claims that are kept or being released.
    pub(super) claims: AtomicUsize,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
    pub(super) opening: tokio::sync::Mutex<()>,
    rooms: Mutex<HashMap<Uuid, RoomEntry>>,
    used: Mutex<UsedTokens>,
    sinks: AtomicU64,
    draining: AtomicBool,
}

/// A started node and the way to stop it.
pub struct NodeHandle {
    pub node: Arc<Node>,
    /// TCP address of the WebSocket.
    pub address: std::net::SocketAddr,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Node {
    pub(super) fn new(
        parts: NodeParts,
        engine: Engine,
        reports: Reports,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let NodeParts { config, key, cluster, clock, ids } = parts;
        Self {
            config,
            key,
            engine,
            cluster,
            clock,
            ids,
            reports,
            times: Times::default(),
            sockets: AtomicUsize::new(0),
            claims: AtomicUsize::new(0),
            tasks,
            stop,
            opening: tokio::sync::Mutex::new(()),
            rooms: Mutex::default(),
            used: Mutex::default(),
            sinks: AtomicU64::new(1),
            draining: AtomicBool::new(false),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Returns how many rooms are on this node. A room stays until its lesson closes, also without people.
    pub fn rooms(&self) -> usize {
        lock(&self.rooms).len()
    }

    /// Returns how many rooms on this node have people.
    pub fn busy_rooms(&self) -> usize {
        lock(&self.rooms).values().filter(|room| room.people > 0).count()
    }

    /// Returns how many people are on this node.
    pub fn people(&self) -> usize {
        lock(&self.rooms).values().map(|room| room.people).sum()
    }

    pub fn open_sockets(&self) -> usize {
        self.sockets.load(Ordering::Relaxed)
    }

    pub(super) fn next_sink(&self) -> u64 {
        self.sinks.fetch_add(1, Ordering::Relaxed)
    }

    /// Checks a token and notes its use.
    ///
    /// # Errors
    /// `CloseCode::Token`.
    pub(super) fn admit(&self, token: &str) -> Result<Claims, CloseCode> {
        let now = self.now();
        let checked = self.key.verify(token, &self.config.node, now);
        let used = checked.and_then(|claims| lock(&self.used).take(&claims, now).map(|()| claims));
        used.map_err(|error: TokenError| {
            tracing::info!(%error, "a token was refused");
            CloseCode::Token
        })
    }

    pub(super) fn open_room(&self, lesson: Uuid) -> Option<mpsc::UnboundedSender<RoomMessage>> {
        let rooms = lock(&self.rooms);
        rooms.get(&lesson).map(|room| room.sender.clone()).filter(|sender| !sender.is_closed())
    }

    pub(super) fn add_room(&self, lesson: Uuid, sender: mpsc::UnboundedSender<RoomMessage>) {
        lock(&self.rooms).insert(lesson, RoomEntry { sender, people: 0 });
    }

    pub(super) fn note_room(&self, lesson: Uuid, people: usize) {
        if let Some(room) = lock(&self.rooms).get_mut(&lesson) {
            room.people = people;
        }
    }

    pub(super) fn forget_room(&self, lesson: Uuid) {
        lock(&self.rooms).remove(&lesson);
    }

    fn tell_rooms(&self, message: impl Fn() -> RoomMessage) {
        for room in lock(&self.rooms).values() {
            // A room that has just ended needs no word.
            let _ = room.sender.send(message());
        }
    }
}

impl NodeHandle {
    /// Takes no further rooms, tells people to move, and ends at the limit or when all have gone.
    pub async fn drain(&self) {
        let node = &self.node;
        node.draining.store(true, Ordering::Relaxed);
        node.cluster.announce(node.people() as u32, true, node.now()).await;
        node.tell_rooms(|| RoomMessage::Drain);
        let limit = tokio::time::Instant::now() + node.config.drain;
        while node.people() > 0 && tokio::time::Instant::now() < limit {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        node.tell_rooms(|| RoomMessage::End);
        let end = tokio::time::Instant::now() + Duration::from_secs(3);
        let is_busy =
            || node.rooms() > 0 || node.claims.load(Ordering::Relaxed) > 0 || !node.reports.are_done();
        while is_busy() && tokio::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.kill().await;
    }

    /// Stops at once, as a crash would: clients are not told and claims are not released.
    pub async fn kill(&self) {
        self.node.stop.cancel();
        self.node.tasks.close();
        self.node.tasks.wait().await;
    }
}
