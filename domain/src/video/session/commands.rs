//! Commands to a video session. All but one follow from a report of the signaling service.

use jiff::Timestamp;

use super::events::{LeaveCause, ParticipantRole, RoomCloseCause};
use crate::ids::{AccountId, BookingId, ConnectionId, RoomId};

/// Commands to the aggregate `VideoSession`. `at` is the reported instant.
#[derive(Clone, Debug, PartialEq)]
pub enum VideoSessionCommand {
    OpenRoom {
        lesson_room_id: RoomId,
        node: String,
        at: Timestamp,
        /// End of the lesson at this time.
        lesson_ends_at: Timestamp,
    },
    AdmitParticipant {
        participant: AccountId,
        /// The teacher; `None` if the rules of the lesson room admitted the person.
        by: Option<AccountId>,
        at: Timestamp,
    },
    RecordJoin {
        lesson_room_id: RoomId,
        participant: AccountId,
        role: ParticipantRole,
        connection_id: ConnectionId,
        at: Timestamp,
    },
    RecordLeave {
        participant: AccountId,
        connection_id: ConnectionId,
        cause: LeaveCause,
        seconds: i64,
        at: Timestamp,
    },
    RecordRemoval {
        participant: AccountId,
        by: AccountId,
        banned: bool,
        at: Timestamp,
    },
    RecordConsent {
        participant: AccountId,
        agreed: bool,
        at: Timestamp,
    },
    /// Proposes, after the lesson, that a booked student did not come.
    ProposeNoShow {
        booking_id: BookingId,
        student: AccountId,
    },
    /// Closes a lesson room; stays that were not reported as ended end with it.
    CloseRoom {
        lesson_room_id: RoomId,
        cause: RoomCloseCause,
        at: Timestamp,
    },
}

impl VideoSessionCommand {
    /// Returns the name of the command for logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            VideoSessionCommand::OpenRoom { .. } => "OpenRoom",
            VideoSessionCommand::AdmitParticipant { .. } => "AdmitParticipant",
            VideoSessionCommand::RecordJoin { .. } => "RecordJoin",
            VideoSessionCommand::RecordLeave { .. } => "RecordLeave",
            VideoSessionCommand::RecordRemoval { .. } => "RecordRemoval",
            VideoSessionCommand::RecordConsent { .. } => "RecordConsent",
            VideoSessionCommand::ProposeNoShow { .. } => "ProposeNoShow",
            VideoSessionCommand::CloseRoom { .. } => "CloseRoom",
        }
    }
}
