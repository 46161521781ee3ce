//! Frames of a session: which of them concern the room, which the media.

use uuid::Uuid;

use super::media_events::level_of;
use super::room_task::{PublishedTrack, RoomTask};
use crate::media::{MediaRefusal, PublishedMid};
use crate::protocol::{
    ClientFrame, ClientMessage, ClientStats, ErrorCode, OfferedTrack, PubOffer, ServerMessage, TrackInfo,
};
use crate::room::TrackKey;

impl RoomTask {
    pub(super) async fn take_frame(&mut self, id: Uuid, frame: ClientFrame) {
        let Some(session) = self.sessions.get(&id) else { return };
        let (who, legs) = (session.participant, session.legs);
        let re = frame.id;
        let result = match frame.message {
            ClientMessage::Hello(_) => Err(ErrorCode::WrongState),
            ClientMessage::Ping => {
                if re.is_none() {
                    self.send(id, None, ServerMessage::Pong);
                }
                Ok(())
            }
            ClientMessage::Leave => return self.leave(id, who, re).await,
            ClientMessage::PubOffer(offer) => self.publish(id, who, re, offer).await,
            ClientMessage::SubAnswer { nid, sdp } => {
                self.node.engine.answer(legs, nid, sdp).await.map_err(error_of)
            }
            ClientMessage::IceRestart { .. } => {
                self.node.engine.restart(legs).await;
                Ok(())
            }
            ClientMessage::Stats(stats) => {
                self.take_stats(who, &stats).await;
                Ok(())
            }
            message @ (ClientMessage::SubWant { .. }
            | ClientMessage::TrackMute { .. }
            | ClientMessage::ChatSend { .. }
            | ClientMessage::Hand { .. }
            | ClientMessage::Moderate(_)
            | ClientMessage::RecordConsent { .. }) => {
                match self.room.request(self.node.now(), who, &message) {
                    Ok(effects) => {
                        // The answer comes before what the request causes, which may end this session.
                        self.answer(id, re, Ok(()));
                        return self.apply(effects).await;
                    }
                    Err(code) => Err(code),
                }
            }
        };
        self.answer(id, re, result);
    }

    fn send(&mut self, id: Uuid, re: Option<u32>, message: ServerMessage) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.send(re, message);
        }
    }

    fn answer(&mut self, id: Uuid, re: Option<u32>, result: Result<(), ErrorCode>) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.answer(re, result);
        }
    }

    async fn leave(&mut self, id: Uuid, who: Uuid, re: Option<u32>) {
        self.answer(id, re, Ok(()));
        if let Some(session) = self.sessions.get_mut(&id) {
            session.close_normally();
        }
        let effects = self.room.leave(self.node.now(), who, id);
        self.apply(effects).await;
    }

    async fn publish(
        &mut self,
        id: Uuid,
        who: Uuid,
        re: Option<u32>,
        offer: PubOffer,
    ) -> Result<(), ErrorCode> {
        self.room.check_publish(who, &offer.tracks)?;
        let legs = self.legs_of(who).ok_or(ErrorCode::WrongState)?;
        let mut published = Vec::new();
        for OfferedTrack { source, .. } in &offer.tracks {
            let key = TrackKey { owner: who, source: *source };
            let known = self.published.get(&key).filter(|track| track.legs == legs).copied();
            let track = known.unwrap_or_else(|| PublishedTrack { uid: self.node.engine.allot_track(), legs });
            published.push((key, track));
        }
        let mids = offer.tracks.iter().zip(&published).map(|(offered, (key, track))| PublishedMid {
            mid: offered.mid.clone(),
            uid: track.uid,
            is_video: key.source.is_video(),
        });
        let answer = self
            .node
            .engine
            .publish(legs, self.events.clone(), offer.sdp, mids.collect())
            .await
            .map_err(error_of)?;
        self.published.retain(|key, _| key.owner != who);
        self.published.extend(published);
        let effects = self.room.publish(who, &offer.tracks)?;
        let own = who.to_string();
        let tracks: Vec<TrackInfo> =
            self.room.state_for(who).tracks.into_iter().filter(|track| track.participant == own).collect();
        self.send(id, re, ServerMessage::PubAnswer { sdp: answer, tracks });
        self.apply(effects).await;
        Ok(())
    }

    async fn take_stats(&mut self, who: Uuid, stats: &ClientStats) {
        self.node.times.record_stats(stats);
        let level = level_of(stats.loss.unwrap_or_default(), stats.rtt_ms);
        let effects = self.room.quality(who, level);
        self.apply(effects).await;
    }
}

fn error_of(refusal: MediaRefusal) -> ErrorCode {
    match refusal {
        MediaRefusal::BadDescription => ErrorCode::BadSdp,
        MediaRefusal::Stale => ErrorCode::StaleAnswer,
    }
}
