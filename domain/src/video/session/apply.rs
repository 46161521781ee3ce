//! Applies events to a video session; cannot fail and holds no rule.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::commands::VideoSessionCommand;
use super::error::VideoSessionError;
use super::events::VideoSessionEvent;
use super::session::{Consent, Room, Stay, VideoSession};
use crate::clock::Clock;
use crate::decider::Decider;

impl Aggregate for VideoSession {
    const TYPE: &'static str = "VideoSession";
    type Command = VideoSessionCommand;
    type Event = VideoSessionEvent;
    type Error = VideoSessionError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: VideoSessionCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), VideoSessionError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: VideoSessionEvent) {
        match event {
            VideoSessionEvent::RoomOpened { lesson_room_id, opened_at, .. } => {
                self.rooms.insert(lesson_room_id, Room { opened_at, closed: false });
            }
            VideoSessionEvent::ParticipantAdmitted { participant, admitted_at, .. } => {
                self.admitted.insert(participant, admitted_at);
            }
            VideoSessionEvent::ParticipantJoined {
                lesson_room_id,
                participant,
                role,
                connection_id,
                joined_at,
            } => {
                let stay = Stay { lesson_room_id, participant, role, joined_at, ended: false };
                self.stays.insert(connection_id, stay);
            }
            VideoSessionEvent::ParticipantLeft { connection_id, .. } => {
                if let Some(stay) = self.stays.get_mut(&connection_id) {
                    stay.ended = true;
                }
            }
            VideoSessionEvent::ParticipantRemoved { participant, removed_at, .. } => {
                self.removed.insert(participant, removed_at);
            }
            VideoSessionEvent::RecordingConsented { participant, agreed, answered_at } => {
                self.consents.insert(participant, Consent { agreed, answered_at });
            }
            VideoSessionEvent::NoShowProposed { booking_id, .. } => {
                self.proposed.insert(booking_id);
            }
            VideoSessionEvent::RoomClosed { lesson_room_id, .. } => {
                if let Some(room) = self.rooms.get_mut(&lesson_room_id) {
                    room.closed = true;
                }
            }
        }
    }
}
