//! Records of nodes and of their rooms.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::room::Carry;

/// A node's sign of life and load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeRecord {
    pub node: String,
    pub url: String,
    /// People on the node.
    pub load: u32,
    pub draining: bool,
    pub alive_at: Timestamp,
}

/// A lesson's claim. `node` is `None` once the room was given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoomRecord {
    pub lesson: Uuid,
    pub session: Uuid,
    pub node: Option<String>,
    pub alive_at: Timestamp,
    pub carry: Carry,
}
