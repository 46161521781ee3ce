//! Decides commands to a video session. A late or repeated report changes nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::commands::VideoSessionCommand;
use super::error::VideoSessionError;
use super::events::{LeaveCause, RoomCloseCause, VideoSessionEvent};
use super::session::VideoSession;
use crate::decider::{Decider, Decision};
use crate::ids::{AccountId, ConnectionId, RoomId};

impl Decider for VideoSession {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &VideoSessionCommand, _now: Timestamp) -> Decision<VideoSession> {
        match *command {
            VideoSessionCommand::OpenRoom { lesson_room_id, ref node, at, lesson_ends_at } => {
                if self.rooms.contains_key(&lesson_room_id) {
                    return Ok(vec![]);
                }
                let node = node.clone();
                Ok(vec![VideoSessionEvent::RoomOpened {
                    lesson_room_id,
                    node,
                    opened_at: at,
                    lesson_ends_at,
                }])
            }
            VideoSessionCommand::AdmitParticipant { participant, by, at } => {
                let event = VideoSessionEvent::ParticipantAdmitted { participant, by, admitted_at: at };
                Ok(if is_newer(&self.admitted, participant, at) { vec![event] } else { vec![] })
            }
            VideoSessionCommand::RecordJoin { lesson_room_id, participant, role, connection_id, at } => {
                if self.stays.contains_key(&connection_id) || self.is_closed(lesson_room_id) {
                    return Ok(vec![]);
                }
                Ok(vec![VideoSessionEvent::ParticipantJoined {
                    lesson_room_id,
                    participant,
                    role,
                    connection_id,
                    joined_at: at,
                }])
            }
            VideoSessionCommand::RecordLeave { participant, connection_id, cause, seconds, at } => {
                self.end_stay(participant, connection_id, cause, seconds, at)
            }
            VideoSessionCommand::RecordRemoval { participant, by, banned, at } => {
                let event = VideoSessionEvent::ParticipantRemoved { participant, by, banned, removed_at: at };
                Ok(if is_newer(&self.removed, participant, at) { vec![event] } else { vec![] })
            }
            VideoSessionCommand::RecordConsent { participant, agreed, at } => {
                let known = self.consents.get(&participant);
                if known.is_some_and(|known| known.answered_at >= at || known.agreed == agreed) {
                    return Ok(vec![]);
                }
                Ok(vec![VideoSessionEvent::RecordingConsented { participant, agreed, answered_at: at }])
            }
            VideoSessionCommand::ProposeNoShow { booking_id, student } => {
                let is_shown = self.was_attended_by_teacher() && !self.was_attended_by(student);
                if !is_shown || self.proposed.contains(&booking_id) {
                    return Ok(vec![]);
                }
                Ok(vec![VideoSessionEvent::NoShowProposed { booking_id, student }])
            }
            VideoSessionCommand::CloseRoom { lesson_room_id, cause, at } => {
                Ok(self.close(lesson_room_id, cause, at))
            }
        }
    }
}

impl VideoSession {
    /// Ends a stay once, whichever of several reports comes first.
    fn end_stay(
        &self,
        participant: AccountId,
        connection_id: ConnectionId,
        cause: LeaveCause,
        seconds: i64,
        at: Timestamp,
    ) -> Decision<VideoSession> {
        let stay = self.stays.get(&connection_id).filter(|stay| stay.participant == participant);
        let stay = stay.ok_or(VideoSessionError::StayNotFound)?;
        if stay.ended {
            return Ok(vec![]);
        }
        Ok(vec![VideoSessionEvent::ParticipantLeft {
            participant,
            connection_id,
            cause,
            seconds: seconds.max(0),
            left_at: at.max(stay.joined_at),
        }])
    }

    /// Closes an open lesson room. A lost report of a leave must not leave a stay without an end.
    fn close(&self, lesson_room_id: RoomId, cause: RoomCloseCause, at: Timestamp) -> Vec<VideoSessionEvent> {
        if self.rooms.get(&lesson_room_id).is_none_or(|room| room.closed) {
            return vec![];
        }
        let going_on =
            self.stays.iter().filter(|(_, stay)| stay.lesson_room_id == lesson_room_id && !stay.ended);
        let ends = going_on.map(|(connection_id, stay)| VideoSessionEvent::ParticipantLeft {
            participant: stay.participant,
            connection_id: *connection_id,
            cause: LeaveCause::RoomClosed,
            seconds: whole_seconds(stay.joined_at, at),
            left_at: at.max(stay.joined_at),
        });
        ends.chain([VideoSessionEvent::RoomClosed { lesson_room_id, cause, closed_at: at }]).collect()
    }
}

fn is_newer(last: &BTreeMap<AccountId, Timestamp>, person: AccountId, at: Timestamp) -> bool {
    last.get(&person).is_none_or(|last| at > *last)
}

/// Returns the time between two instants in whole seconds, rounded to the nearest.
fn whole_seconds(from: Timestamp, to: Timestamp) -> i64 {
    let milliseconds = to.duration_since(from).as_millis().max(0) + 500;
    i64::try_from(milliseconds / 1_000).unwrap_or(i64::MAX)
}
