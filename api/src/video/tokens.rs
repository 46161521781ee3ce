//! Tokens for lesson rooms.

use jiff::Timestamp;
use signaling::cluster::Placement;
use signaling::protocol::{Grants, Role};
use signaling::token::{Claims, MAX_LIFE, TokenKey};
use signaling::turn::{IceServer, TurnConfig};
use uuid::Uuid;

/// Issuer of tokens for lesson rooms.
pub struct VideoTokens {
    pub key: TokenKey,
    pub turn: TurnConfig,
    /// Students enter without a click once the teacher is there.
    pub auto_admit: bool,
}

/// Person who may enter a lesson room.
#[derive(Clone, Debug)]
pub struct RoomEntry {
    pub lesson: Uuid,
    pub participant: Uuid,
    /// Name that the other participants see.
    pub name: String,
    pub role: Role,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// Instant at which the lesson room closes.
    pub closes_at: Timestamp,
}

/// Signed token with everything that a client needs to connect.
#[derive(Clone, Debug)]
pub struct JoinToken {
    pub url: String,
    pub token: String,
    pub expires_at: Timestamp,
    pub ice_servers: Vec<IceServer>,
}

impl VideoTokens {
    /// Issues a token for one entry, on the node of the lesson room. `token_id` is unique.
    pub fn issue(&self, entry: RoomEntry, node: Placement, token_id: Uuid, now: Timestamp) -> JoinToken {
        let RoomEntry { lesson, participant, name, role, starts_at, ends_at, closes_at } = entry;
        let expires_at = now + MAX_LIFE;
        let claims = Claims {
            id: token_id,
            node: node.node,
            lesson,
            participant,
            name,
            role,
            grants: Grants::of_role(role),
            starts_at,
            ends_at,
            auto_admit: self.auto_admit,
            issued_at: now,
            expires_at,
        };
        JoinToken {
            url: node.url,
            token: self.key.sign(&claims),
            expires_at,
            ice_servers: self.turn.credentials(lesson, participant, closes_at),
        }
    }
}
