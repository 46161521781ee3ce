//! The receiving side of a worker: subscriptions, one offer at a time, feedback.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::publish::is_due;
use super::{MediaEvent, MediaRefusal, Message, Origin, TrackUid, Worker};
use crate::media::bandwidth::{Bandwidth, Demand};
use crate::media::counters::add;
use crate::media::demux::Place;
use crate::media::feedback::Feedback;
use crate::media::forward::Forward;
use crate::media::guard::GuardedLeg;
use crate::media::layers::Layers;
use crate::media::leg::{MediaLeg, OutTrack};
use crate::media::rtc_leg::RtcLeg;
use crate::protocol::Quality;
use crate::room::Flow;

const LOSS_EVERY: Duration = Duration::from_secs(2);
const FIRST_SSRC: u32 = 0x1000_0000;

/// One receiver of one track.
pub struct Subscription {
    pub leg: u64,
    pub ssrc: u32,
    pub forward: Forward,
}

/// A track and its receivers on this worker.
pub struct Route {
    pub is_video: bool,
    pub layers: Layers,
    pub subscriptions: Vec<Subscription>,
    pub origin: Place,
}

struct Wanted {
    ssrc: u32,
    out: OutTrack,
    in_description: bool,
}

/// A receiving connection.
pub struct Subscriber {
    pub leg: GuardedLeg,
    pub connected: bool,
    pub deadline: Option<Instant>,
    pub events: mpsc::UnboundedSender<MediaEvent>,
    wanted: BTreeMap<TrackUid, Wanted>,
    /// SSRCs that are in the description and must go.
    removed: Vec<u32>,
    open_offer: Option<u32>,
    offers: u32,
    dirty: bool,
    restart: bool,
    next_ssrc: u32,
    worst_loss: f32,
    pub bandwidth: Bandwidth,
}

impl Subscriber {
    pub fn is_due(&mut self, now: Instant) -> bool {
        is_due(&mut self.leg, &mut self.deadline, now)
    }
}

impl Worker {
    pub(super) fn subscribe(
        &mut self,
        now: Instant,
        leg: u64,
        events: mpsc::UnboundedSender<MediaEvent>,
        origin: Origin,
        flow: Flow,
    ) {
        if !self.subscribers.contains_key(&leg) {
            match RtcLeg::receiving(now, &self.shared.announced) {
                Ok(connection) => {
                    let subscriber = Subscriber {
                        leg: GuardedLeg::new(Box::new(connection)),
                        connected: false,
                        deadline: None,
                        events,
                        wanted: BTreeMap::new(),
                        removed: Vec::new(),
                        open_offer: None,
                        offers: 0,
                        dirty: false,
                        restart: false,
                        next_ssrc: FIRST_SSRC,
                        worst_loss: 0.0,
                        bandwidth: Bandwidth::new(now),
                    };
                    self.subscribers.insert(leg, subscriber);
                }
                Err(error) => {
                    tracing::error!(leg, %error, "a connection cannot be created");
                    return;
                }
            }
        }
        let Some(subscriber) = self.subscribers.get_mut(&leg) else { return };
        if subscriber.wanted.contains_key(&origin.uid) {
            return;
        }
        let ssrc = subscriber.next_ssrc;
        subscriber.next_ssrc += 1;
        let out = OutTrack { id: origin.id, stream: origin.stream, ssrc, is_video: origin.is_video };
        subscriber.wanted.insert(origin.uid, Wanted { ssrc, out, in_description: false });
        subscriber.dirty = true;
        let route = self.routes.entry(origin.uid).or_insert_with(|| Route {
            is_video: origin.is_video,
            layers: Layers::default(),
            subscriptions: Vec::new(),
            origin: origin.place,
        });
        let forward = Forward::new(origin.is_video, flow.on, flow.quality);
        route.subscriptions.push(Subscription { leg, ssrc, forward });
        let link = Message::Link { leg: origin.place.leg, uid: origin.uid, worker: self.index };
        self.tell(origin.place.worker, link);
    }

    pub(super) fn unsubscribe(&mut self, leg: u64, uid: TrackUid) {
        self.drop_subscription(leg, uid);
        let Some(subscriber) = self.subscribers.get_mut(&leg) else { return };
        if let Some(wanted) = subscriber.wanted.remove(&uid)
            && wanted.in_description
        {
            subscriber.removed.push(wanted.ssrc);
            subscriber.dirty = true;
        }
    }

    fn drop_subscription(&mut self, leg: u64, uid: TrackUid) {
        if let Some(route) = self.routes.get_mut(&uid) {
            route.subscriptions.retain(|subscription| subscription.leg != leg);
            if route.subscriptions.is_empty() {
                self.routes.remove(&uid);
            }
        }
    }

    pub(super) fn set_flow(&mut self, leg: u64, uid: TrackUid, flow: Flow) {
        let subscriptions = self.routes.get_mut(&uid).map(|route| route.subscriptions.iter_mut());
        for subscription in subscriptions.into_iter().flatten().filter(|found| found.leg == leg) {
            subscription.forward.set(flow.on, flow.quality);
        }
        self.ask_for_key_frames(Instant::now());
    }

    /// Makes the offers that are due: all changes of one tick go into one.
    pub(super) fn negotiate_all(&mut self, now: Instant) {
        let due = |subscriber: &Subscriber| {
            subscriber.open_offer.is_none() && (subscriber.dirty || subscriber.restart)
        };
        let legs: Vec<u64> =
            self.subscribers.iter().filter(|(_, subscriber)| due(subscriber)).map(|(leg, _)| *leg).collect();
        for leg in legs {
            self.negotiate(now, leg);
        }
    }

    fn negotiate(&mut self, now: Instant, leg: u64) {
        let Some(subscriber) = self.subscribers.get_mut(&leg) else { return };
        match make_offer(subscriber, now) {
            Ok((sdp, map)) => {
                let nid = subscriber.offers;
                let _ = subscriber.events.send(MediaEvent::Offer { leg, nid, sdp, map });
                subscriber.deadline = None;
                if let Some((fragment, password)) = subscriber.leg.credentials() {
                    self.shared.demux.register(Place { worker: self.index, leg }, fragment, password);
                }
            }
            Err(error) => tracing::error!(leg, %error, "an offer cannot be made"),
        }
        self.touch(now, leg);
    }

    pub(super) fn take_answer(
        &mut self,
        now: Instant,
        leg: u64,
        nid: u32,
        sdp: &str,
    ) -> Result<(), MediaRefusal> {
        let subscriber = self.subscribers.get_mut(&leg).ok_or(MediaRefusal::Stale)?;
        if subscriber.open_offer != Some(nid) {
            return Err(MediaRefusal::Stale);
        }
        subscriber.leg.accept(now, sdp).map_err(|error| {
            tracing::debug!(leg, %error, "an answer was refused");
            MediaRefusal::BadDescription
        })?;
        subscriber.open_offer = None;
        subscriber.deadline = None;
        self.touch(now, leg);
        Ok(())
    }

    pub(super) fn restart(&mut self, leg: u64) {
        if let Some(subscriber) = self.subscribers.get_mut(&leg) {
            subscriber.restart = true;
        }
    }

    pub(super) fn take_feedback(&mut self, now: Instant, leg: u64, feedback: Feedback) {
        let ssrc = match feedback {
            Feedback::KeyFrame { ssrc } | Feedback::Loss { ssrc, .. } => ssrc,
        };
        let Some(subscriber) = self.subscribers.get_mut(&leg) else { return };
        let found = subscriber.wanted.iter().find(|(_, wanted)| wanted.ssrc == ssrc);
        let Some(uid) = found.map(|(uid, _)| *uid) else { return };
        let Some(route) = self.routes.get_mut(&uid) else { return };
        let origin = route.origin;
        let own = route.subscriptions.iter_mut().find(|subscription| subscription.leg == leg);
        let Some(subscription) = own else { return };
        match feedback {
            Feedback::Loss { fraction, .. } => {
                let down = subscription.forward.loss(fraction, now);
                subscriber.worst_loss = subscriber.worst_loss.max(down);
            }
            Feedback::KeyFrame { .. } => {
                if let Some(layer) = subscription.forward.current() {
                    self.ask(origin, uid, layer);
                }
            }
        }
    }

    /// Asks for the key frames that subscriptions wait for.
    pub(super) fn ask_for_key_frames(&mut self, now: Instant) {
        let mut wanted: Vec<(Place, TrackUid, Quality)> = Vec::new();
        for (uid, route) in &mut self.routes {
            for subscription in &mut route.subscriptions {
                let connected =
                    self.subscribers.get(&subscription.leg).is_some_and(|subscriber| subscriber.connected);
                if let Some(layer) =
                    connected.then(|| subscription.forward.wants_key_frame(&route.layers, now)).flatten()
                {
                    wanted.push((route.origin, *uid, layer));
                }
            }
        }
        for (origin, uid, layer) in wanted {
            self.ask(origin, uid, layer);
        }
    }

    /// Shares the network of each receiver between its video tracks.
    pub(super) fn share_bandwidth(&mut self, now: Instant) {
        let mut demands: HashMap<u64, (Vec<TrackUid>, Vec<Demand>)> = HashMap::new();
        let mut routes: Vec<_> = self.routes.iter().filter(|(_, route)| route.is_video).collect();
        routes.sort_unstable_by_key(|(uid, _)| **uid);
        for (uid, route) in routes {
            for Subscription { leg, forward, .. } in &route.subscriptions {
                let wanted = forward.demand();
                let demand = wanted.and_then(|wanted| Demand::of(&route.layers, wanted, forward.limit()));
                if let Some(demand) = demand {
                    let (uids, demands) = demands.entry(*leg).or_default();
                    uids.push(*uid);
                    demands.push(demand);
                }
            }
        }
        for (leg, (uids, mut demands)) in demands {
            let Some(subscriber) = self.subscribers.get_mut(&leg) else { continue };
            let (fell, rose) = subscriber.bandwidth.share(now, &mut demands);
            if fell + rose == 0 {
                continue;
            }
            add(&self.shared.counters.bandwidth_lowered, fell);
            add(&self.shared.counters.bandwidth_raised, rose);
            for (uid, demand) in uids.into_iter().zip(demands) {
                let own = self.routes.get_mut(&uid).map(|route| route.subscriptions.iter_mut());
                for subscription in own.into_iter().flatten().filter(|found| found.leg == leg) {
                    subscription.forward.set_limit(demand.limit);
                }
            }
        }
    }

    pub(super) fn tell_losses(&mut self, now: Instant) {
        if now.duration_since(self.loss_at) < LOSS_EVERY {
            return;
        }
        self.loss_at = now;
        for (leg, subscriber) in &mut self.subscribers {
            let fraction = std::mem::take(&mut subscriber.worst_loss);
            if subscriber.connected {
                let _ = subscriber.events.send(MediaEvent::Loss { leg: *leg, fraction });
            }
        }
    }

    pub(super) fn drop_subscriber(&mut self, leg: u64) -> Option<GuardedLeg> {
        let subscriber = self.subscribers.remove(&leg)?;
        for uid in subscriber.wanted.keys() {
            self.drop_subscription(leg, *uid);
        }
        Some(subscriber.leg)
    }
}

type Offer = (String, Vec<(TrackUid, String)>);

fn make_offer(subscriber: &mut Subscriber, now: Instant) -> Result<Offer, crate::media::LegError> {
    for ssrc in subscriber.removed.drain(..) {
        subscriber.leg.remove_track(ssrc)?;
    }
    for wanted in subscriber.wanted.values_mut().filter(|wanted| !wanted.in_description) {
        subscriber.leg.add_track(&wanted.out)?;
        wanted.in_description = true;
    }
    let (sdp, sections) = subscriber.leg.offer(now, subscriber.restart)?;
    subscriber.dirty = false;
    subscriber.restart = false;
    subscriber.offers += 1;
    subscriber.open_offer = Some(subscriber.offers);
    let map = subscriber.wanted.iter().filter_map(|(uid, wanted)| {
        let section = sections.iter().find(|(ssrc, _)| *ssrc == wanted.ssrc);
        section.map(|(_, mid)| (*uid, mid.clone()))
    });
    Ok((sdp, map.collect()))
}
