//! Events of the forwarding unit for a room: offers, connections, loudness, loss.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::room_task::RoomTask;
use super::session::Session;
use crate::media::{MediaEvent, TrackUid};
use crate::protocol::{MidMap, QualityLevel, ServerMessage, Source};
use crate::room::TrackKey;

/// Louder than this counts as speech, in −dBov.
const SPEECH: u8 = 55;
const SPEAKERS: usize = 3;
const SPEAKERS_EVERY: Duration = Duration::from_millis(300);

impl RoomTask {
    fn session_of_leg(&mut self, leg: u64) -> Option<&mut Session> {
        self.sessions
            .values_mut()
            .find(|session| session.legs.publishing == leg || session.legs.receiving == leg)
    }

    pub(super) async fn take_event(&mut self, event: MediaEvent) {
        match event {
            MediaEvent::Offer { leg, nid, sdp, map } => {
                let keys: HashMap<TrackUid, TrackKey> =
                    self.published.iter().map(|(key, track)| (track.uid, *key)).collect();
                let map = map
                    .into_iter()
                    .filter_map(|(uid, mid)| keys.get(&uid).map(|key| (mid, *key)))
                    .map(|(mid, key)| MidMap {
                        mid,
                        track: key.id(),
                        participant: key.owner.to_string(),
                        source: key.source,
                    })
                    .collect();
                if let Some(session) = self.session_of_leg(leg) {
                    session.send(None, ServerMessage::SubOffer { nid, sdp, map });
                }
            }
            MediaEvent::Connected { leg, publishes } => {
                let who = self.session_of_leg(leg).map(|session| session.participant);
                let since = who.and_then(|who| self.joined_at.get(&who));
                if let (Some(who), Some(since)) = (who, since) {
                    let ms = since.elapsed().as_millis() as u64;
                    self.node.times.record_connected(ms);
                    tracing::debug!(participant = %who, publishes, ms, "media connected");
                }
            }
            MediaEvent::Failed { leg } => {
                tracing::info!(lesson = %self.room.lesson(), leg, "a media connection failed");
            }
            MediaEvent::Levels(levels) => {
                self.levels.extend(levels);
                self.tell_speakers().await;
            }
            MediaEvent::Loss { leg, fraction } => {
                let who = self.session_of_leg(leg).map(|session| session.participant);
                if let Some(who) = who {
                    let effects = self.room.quality(who, level_of(f64::from(fraction), None));
                    self.apply(effects).await;
                }
            }
        }
    }

    async fn tell_speakers(&mut self) {
        if self.spoke_at.elapsed() < SPEAKERS_EVERY {
            return;
        }
        let mut loud: Vec<(u8, Uuid)> = self
            .published
            .iter()
            .filter(|(key, _)| key.source == Source::Mic)
            .filter_map(|(key, track)| self.levels.get(&track.uid).map(|level| (*level, key.owner)))
            .filter(|(level, _)| *level < SPEECH)
            .collect();
        loud.sort_unstable();
        let speakers: Vec<Uuid> = loud.into_iter().map(|(_, who)| who).take(SPEAKERS).collect();
        if speakers != self.speakers {
            self.spoke_at = Instant::now();
            self.speakers.clone_from(&speakers);
            let effects = self.room.speakers(&speakers);
            self.apply(effects).await;
        }
        let known: Vec<TrackUid> = self.published.values().map(|track| track.uid).collect();
        self.levels.retain(|uid, _| known.contains(uid));
    }
}

/// Returns the level of a connection with this loss and round trip.
pub(super) fn level_of(loss: f64, rtt_ms: Option<f64>) -> QualityLevel {
    let rtt = rtt_ms.unwrap_or_default();
    if loss > 0.10 || rtt > 600.0 {
        QualityLevel::Poor
    } else if loss > 0.03 || rtt > 300.0 {
        QualityLevel::Fair
    } else {
        QualityLevel::Good
    }
}
