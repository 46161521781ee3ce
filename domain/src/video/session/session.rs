//! State of a video session.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::events::ParticipantRole;
use crate::ids::{AccountId, BookingId, ConnectionId, RoomId};

/// Video session: everything that was reported of lesson rooms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VideoSession {
    pub rooms: BTreeMap<RoomId, Room>,
    /// Stays that go on and stays that ended; an ended stay is kept so that it ends once.
    pub stays: BTreeMap<ConnectionId, Stay>,
    /// Instant of each person's last admission from the lobby.
    pub admitted: BTreeMap<AccountId, Timestamp>,
    /// Instant of each person's last removal.
    pub removed: BTreeMap<AccountId, Timestamp>,
    pub consents: BTreeMap<AccountId, Consent>,
    /// Bookings whose students are proposed as absent.
    pub proposed: BTreeSet<BookingId>,
}

/// Lesson room: opened by one node, closed once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Room {
    pub opened_at: Timestamp,
    pub closed: bool,
}

/// Stay of a person in a lesson room, by one connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stay {
    pub lesson_room_id: RoomId,
    pub participant: AccountId,
    pub role: ParticipantRole,
    pub joined_at: Timestamp,
    pub ended: bool,
}

/// Last answer of a person to the question whether the lesson may be recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consent {
    pub agreed: bool,
    pub answered_at: Timestamp,
}

impl VideoSession {
    /// Returns whether a person was in a lesson room of the lesson.
    pub fn was_attended_by(&self, person: AccountId) -> bool {
        self.stays.values().any(|stay| stay.participant == person)
    }

    /// Returns whether a teacher was in a lesson room of the lesson.
    pub fn was_attended_by_teacher(&self) -> bool {
        self.stays.values().any(|stay| stay.role == ParticipantRole::Teacher)
    }

    pub(super) fn is_closed(&self, lesson_room_id: RoomId) -> bool {
        self.rooms.get(&lesson_room_id).is_some_and(|room| room.closed)
    }
}
