//! Events of a video session. They hold ids, codes, numbers and instants only.

use cqrs_es::DomainEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::code_enum;
use crate::decider::EventEffects;
use crate::ids::{AccountId, BookingId, ConnectionId, RoomId};

/// Events of the aggregate `VideoSession`. Instants are those of the reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum VideoSessionEvent {
    RoomOpened {
        lesson_room_id: RoomId,
        /// Name of the node.
        node: String,
        opened_at: Timestamp,
        /// End of the lesson when the lesson room was opened.
        lesson_ends_at: Timestamp,
    },
    /// The person entered from the lobby.
    ParticipantAdmitted {
        participant: AccountId,
        /// The teacher; absent if the rules of the lesson room admitted the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AccountId>,
        admitted_at: Timestamp,
    },
    ParticipantJoined {
        lesson_room_id: RoomId,
        participant: AccountId,
        role: ParticipantRole,
        connection_id: ConnectionId,
        joined_at: Timestamp,
    },
    ParticipantLeft {
        participant: AccountId,
        connection_id: ConnectionId,
        cause: LeaveCause,
        /// Length of the stay.
        seconds: i64,
        left_at: Timestamp,
    },
    ParticipantRemoved {
        participant: AccountId,
        by: AccountId,
        /// `true` if the person may not enter again.
        banned: bool,
        removed_at: Timestamp,
    },
    /// The person answered whether the lesson may be recorded.
    RecordingConsented {
        participant: AccountId,
        agreed: bool,
        answered_at: Timestamp,
    },
    /// The teacher was in the lesson room and a booked student was not. The teacher decides.
    NoShowProposed {
        booking_id: BookingId,
        student: AccountId,
    },
    RoomClosed {
        lesson_room_id: RoomId,
        cause: RoomCloseCause,
        closed_at: Timestamp,
    },
}

code_enum!(
    /// Role of a person in a lesson room.
    ParticipantRole {
        Teacher = "teacher",
        Student = "student",
        /// Sees and hears, and is seen by all.
        Observer = "observer",
    }
);

code_enum!(
    /// Cause of the end of a stay.
    LeaveCause {
        /// The person left by a click.
        Left = "left",
        /// The connection was lost and not resumed in time.
        Lost = "lost",
        Removed = "removed",
        ToLobby = "to_lobby",
        /// A newer connection of the same person took over.
        Replaced = "replaced",
        /// The lesson room was ended.
        Ended = "ended",
        /// The node was stopped and people moved to another one.
        Drained = "drained",
        /// The node died; the stay ended at its last sign of life.
        NodeLost = "node_lost",
        /// The lesson room closed and no other end of the stay was reported.
        RoomClosed = "room_closed",
    }
);

code_enum!(
    /// Cause of the end of a lesson room.
    RoomCloseCause {
        EndedByTeacher = "ended_by_teacher",
        /// The time after the lesson was over.
        WindowOver = "window_over",
        Empty = "empty",
        Drained = "drained",
        NodeLost = "node_lost",
    }
);

impl DomainEvent for VideoSessionEvent {
    fn event_type(&self) -> String {
        match self {
            VideoSessionEvent::RoomOpened { .. } => "RoomOpened",
            VideoSessionEvent::ParticipantAdmitted { .. } => "ParticipantAdmitted",
            VideoSessionEvent::ParticipantJoined { .. } => "ParticipantJoined",
            VideoSessionEvent::ParticipantLeft { .. } => "ParticipantLeft",
            VideoSessionEvent::ParticipantRemoved { .. } => "ParticipantRemoved",
            VideoSessionEvent::RecordingConsented { .. } => "RecordingConsented",
            VideoSessionEvent::NoShowProposed { .. } => "NoShowProposed",
            VideoSessionEvent::RoomClosed { .. } => "RoomClosed",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for VideoSessionEvent {}
