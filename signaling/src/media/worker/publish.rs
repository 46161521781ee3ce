//! The publishing side of a worker: offers, the tracks behind their sections, loudness, key-frame requests.

use std::collections::HashMap;
use std::time::Instant;

use tokio::sync::mpsc;

use super::{MediaEvent, MediaRefusal, Message, PublishedMid, TrackUid, Worker};
use crate::media::counters::add;
use crate::media::demux::Place;
use crate::media::forward::KEY_FRAME_EVERY;
use crate::media::guard::GuardedLeg;
use crate::media::leg::{MediaLeg, MediaPacket};
use crate::media::rtc_leg::RtcLeg;
use crate::protocol::Quality;

/// Microphones quieter than this are silent.
const SILENCE: u8 = 127;

struct Published {
    uid: TrackUid,
    is_video: bool,
    ssrcs: [Option<u32>; 3],
    asked_at: [Option<Instant>; 3],
    /// Workers with subscribers, one bit each.
    workers: u64,
    loudness: f32,
    heard: bool,
}

/// Loudness of the tracks of one room.
type RoomLevels = (mpsc::UnboundedSender<MediaEvent>, Vec<(TrackUid, u8)>);

/// A publishing connection.
pub struct Publisher {
    pub leg: GuardedLeg,
    pub deadline: Option<Instant>,
    pub events: mpsc::UnboundedSender<MediaEvent>,
    tracks: HashMap<String, Published>,
    links: HashMap<TrackUid, u64>,
}

impl Publisher {
    /// Notes a packet and returns its track and the workers that want it.
    pub fn media(
        &mut self,
        mid: &str,
        layer: Quality,
        ssrc: u32,
        packet: &MediaPacket,
    ) -> Option<(u64, u64)> {
        let track = self.tracks.get_mut(mid)?;
        track.ssrcs[layer as usize] = Some(ssrc);
        if let Some(level) = packet.level {
            track.heard = true;
            track.loudness = track.loudness * 0.8 + f32::from(SILENCE - level.min(SILENCE)) * 0.2;
        }
        Some((track.uid, track.workers))
    }

    pub fn is_due(&mut self, now: Instant) -> bool {
        is_due(&mut self.leg, &mut self.deadline, now)
    }

    fn levels(&mut self) -> Vec<(TrackUid, u8)> {
        let mut levels = Vec::new();
        for track in self.tracks.values_mut().filter(|track| !track.is_video) {
            if !std::mem::take(&mut track.heard) {
                track.loudness *= 0.5;
            }
            levels.push((track.uid, SILENCE - track.loudness as u8));
        }
        levels
    }
}

/// Lets a leg act if its time has come; the deadline is kept until something arrives.
pub fn is_due(leg: &mut dyn MediaLeg, deadline: &mut Option<Instant>, now: Instant) -> bool {
    let at = match *deadline {
        Some(at) => at,
        None => *deadline.insert(leg.deadline().unwrap_or(now + std::time::Duration::from_secs(1))),
    };
    if at > now {
        return false;
    }
    leg.timeout(now);
    *deadline = None;
    true
}

impl Worker {
    pub(super) fn publish(
        &mut self,
        now: Instant,
        leg: u64,
        events: mpsc::UnboundedSender<MediaEvent>,
        offer: &str,
        tracks: Vec<PublishedMid>,
    ) -> Result<String, MediaRefusal> {
        if !self.publishers.contains_key(&leg) {
            let connection = RtcLeg::publishing(now, &self.shared.announced).map_err(|error| {
                tracing::error!(leg, %error, "a connection cannot be created");
                MediaRefusal::BadDescription
            })?;
            let publisher = Publisher {
                leg: GuardedLeg::new(Box::new(connection)),
                deadline: None,
                events,
                tracks: HashMap::new(),
                links: HashMap::new(),
            };
            self.publishers.insert(leg, publisher);
        }
        let publisher = self.publishers.get_mut(&leg).ok_or(MediaRefusal::Stale)?;
        let answer = match publisher.leg.answer(now, offer) {
            Ok(answer) => answer,
            Err(error) => {
                tracing::debug!(leg, %error, "an offer was refused");
                // The connection may have taken a part of it: a first offer begins with a new connection.
                if publisher.leg.credentials().is_none() {
                    self.publishers.remove(&leg);
                }
                return Err(MediaRefusal::BadDescription);
            }
        };
        let mut old = std::mem::take(&mut publisher.tracks);
        for PublishedMid { mid, uid, is_video } in tracks {
            let track = old.remove(&mid).filter(|track| track.uid == uid).unwrap_or(Published {
                uid,
                is_video,
                ssrcs: [None; 3],
                asked_at: [None; 3],
                workers: publisher.links.get(&uid).copied().unwrap_or_default(),
                loudness: 0.0,
                heard: false,
            });
            publisher.tracks.insert(mid, track);
        }
        publisher.deadline = None;
        if let Some((fragment, password)) = publisher.leg.credentials() {
            self.shared.demux.register(Place { worker: self.index, leg }, fragment, password);
        }
        self.touch(now, leg);
        Ok(answer)
    }

    /// Sends a track to one more worker. The link may come before the track.
    pub(super) fn link(&mut self, leg: u64, uid: TrackUid, worker: usize) {
        let Some(publisher) = self.publishers.get_mut(&leg) else { return };
        *publisher.links.entry(uid).or_default() |= 1 << worker;
        for track in publisher.tracks.values_mut().filter(|track| track.uid == uid) {
            track.workers |= 1 << worker;
        }
    }

    /// Asks a publisher for a key frame, at most every 500 ms per layer.
    pub(super) fn ask_publisher(&mut self, now: Instant, leg: u64, uid: TrackUid, layer: Quality) {
        let Some(publisher) = self.publishers.get_mut(&leg) else { return };
        let Some(track) = publisher.tracks.values_mut().find(|track| track.uid == uid) else { return };
        let known = |at: &usize| track.ssrcs[*at].is_some();
        let Some(at) = Some(layer as usize).filter(known).or_else(|| (0..3).rev().find(known)) else {
            return;
        };
        let Some(ssrc) = track.ssrcs[at] else { return };
        if track.asked_at[at].is_some_and(|asked| now.duration_since(asked) < KEY_FRAME_EVERY) {
            return;
        }
        track.asked_at[at] = Some(now);
        publisher.leg.request_key_frame(now, ssrc);
        add(&self.shared.counters.plis_out, 1);
        self.touched.insert(leg);
    }

    pub(super) fn connected(&mut self, now: Instant, leg: u64) {
        add(&self.shared.counters.connected, 1);
        if let Some(publisher) = self.publishers.get(&leg) {
            let _ = publisher.events.send(MediaEvent::Connected { leg, publishes: true });
            return;
        }
        let Some(subscriber) = self.subscribers.get_mut(&leg) else { return };
        subscriber.connected = true;
        let _ = subscriber.events.send(MediaEvent::Connected { leg, publishes: false });
        // Key frames are asked for now, when they can arrive, and not at the answer.
        for route in self.routes.values_mut() {
            for subscription in route.subscriptions.iter_mut().filter(|subscription| subscription.leg == leg)
            {
                subscription.forward.restart();
            }
        }
        self.ask_for_key_frames(now);
    }

    pub(super) fn failed(&mut self, leg: u64) {
        add(&self.shared.counters.failed, 1);
        let publisher = self.publishers.get(&leg).map(|publisher| &publisher.events);
        let events = publisher.or(self.subscribers.get(&leg).map(|subscriber| &subscriber.events));
        if let Some(events) = events {
            let _ = events.send(MediaEvent::Failed { leg });
        }
    }

    pub(super) fn slow_tick(&mut self, now: Instant) {
        self.share_bandwidth(now);
        self.ask_for_key_frames(now);
        self.take_counters();
        let mut rooms: Vec<RoomLevels> = Vec::new();
        for publisher in self.publishers.values_mut() {
            let levels = publisher.levels();
            match rooms.iter_mut().find(|(events, _)| events.same_channel(&publisher.events)) {
                Some((_, all)) => all.extend(levels),
                None => rooms.push((publisher.events.clone(), levels)),
            }
        }
        for (events, levels) in rooms.into_iter().filter(|(_, levels)| !levels.is_empty()) {
            let _ = events.send(MediaEvent::Levels(levels));
        }
        self.tell_losses(now);
    }

    fn take_counters(&mut self) {
        let counters = &self.shared.counters;
        let publishers = self.publishers.values_mut().map(|publisher| &mut publisher.leg);
        let subscribers = self.subscribers.values_mut().map(|subscriber| &mut subscriber.leg);
        for leg in publishers.chain(subscribers) {
            let taken = leg.take_counters();
            add(&counters.nacks_in, taken.nacks_in);
            add(&counters.nacks_out, taken.nacks_out);
            add(&counters.plis_in, taken.plis_in);
            add(&counters.repeated_out, taken.repeated_out);
            add(&counters.repeated_bytes, taken.repeated_bytes);
            add(&counters.loss_down_reports, taken.reports_in);
            add(&counters.loss_down_permille, taken.reported_loss_in_permille);
            add(&counters.loss_up_reports, taken.reports_out);
            add(&counters.loss_up_permille, taken.reported_loss_out_permille);
        }
    }

    pub(super) fn close(&mut self, now: Instant, leg: u64) {
        self.shared.demux.forget(leg);
        let publisher = self.publishers.remove(&leg).map(|publisher| publisher.leg);
        let closed = publisher.or_else(|| self.drop_subscriber(leg));
        if let Some(mut connection) = closed {
            connection.close(now);
            let mut last = Vec::new();
            while let Some(datagram) = connection.poll_transmit() {
                last.push(datagram);
            }
            self.send_last(last);
        }
    }

    /// Asks the worker of a track's publisher.
    pub(super) fn ask(&mut self, place: Place, uid: TrackUid, layer: Quality) {
        self.tell(place.worker, Message::KeyFrame { leg: place.leg, uid, layer });
    }
}
