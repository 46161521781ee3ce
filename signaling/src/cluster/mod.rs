//! Nodes of an installation: which node has which lesson, and where reports go.

mod alone;
mod nats;
mod records;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

pub use alone::Alone;
pub use nats::{NatsCluster, NatsSettings, connect_with};
pub use records::{NodeRecord, RoomRecord};

use crate::report::Report;
use crate::room::Carry;

/// Where a lesson's room is or would be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    pub node: String,
    /// WebSocket address of the node.
    pub url: String,
}

/// A session that ended without its last word.
#[derive(Debug, Clone, PartialEq)]
pub struct Previous {
    pub session: Uuid,
    pub carry: Carry,
    /// The node's last sign of life.
    pub alive_at: Timestamp,
    /// The session closed its room itself, so that no report is missing.
    pub closed: bool,
}

/// A claimed lesson. The fence rises with every renewal; an older one is refused.
#[derive(Debug)]
pub struct Claim {
    pub lesson: Uuid,
    pub session: Uuid,
    pub previous: Option<Previous>,
    pub(crate) fence: std::sync::atomic::AtomicU64,
}

/// Why a lesson cannot be claimed or kept.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// A living node has the lesson.
    #[error("the lesson is on node {0}")]
    Elsewhere(String),
    /// Another node has claimed the lesson since.
    #[error("another node has claimed the lesson")]
    Fenced,
    #[error("the message broker is unavailable: {0}")]
    Unavailable(String),
}

/// Interface of a node to the other nodes.
#[async_trait]
pub trait Cluster: Send + Sync {
    /// Claims a lesson for this node.
    ///
    /// # Errors
    /// `Elsewhere`, `Unavailable`.
    async fn claim(&self, lesson: Uuid, session: Uuid, now: Timestamp) -> Result<Claim, ClusterError>;

    /// Writes the room's state and a sign of life.
    ///
    /// # Errors
    /// `Fenced`, `Unavailable`.
    async fn renew(&self, claim: &Claim, carry: &Carry, now: Timestamp) -> Result<(), ClusterError>;

    /// Gives the lesson up; its decisions stay for the next node.
    async fn release(&self, claim: &Claim, carry: &Carry, now: Timestamp);

    /// Returns where a token for the lesson must point to.
    ///
    /// # Errors
    /// `Unavailable` if no node takes rooms.
    async fn place(&self, lesson: Uuid) -> Result<Placement, ClusterError>;

    /// Publishes a report; the same id counts once.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn report(&self, report: &Report) -> Result<(), ClusterError>;

    /// Notes the load of this node, or that it takes no further rooms.
    async fn announce(&self, load: u32, draining: bool, now: Timestamp);
}
