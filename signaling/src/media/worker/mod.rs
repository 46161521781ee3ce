//! A worker: drives its share of the connections on one task and forwards packets between them.

mod publish;
mod subscribe;

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use tokio::sync::{mpsc, oneshot};

use self::publish::Publisher;
use self::subscribe::{Route, Subscriber};
use super::counters::{Counters, add};
use super::demux::{Demux, Place};
use super::leg::{LegEvent, MediaLeg, MediaPacket};
use super::socket::MediaSocket;
use crate::protocol::Quality;
use crate::room::Flow;

/// Timers of connections are looked at this often.
const TICK: Duration = Duration::from_millis(10);
/// Loudness, loss and key-frame requests are looked at this often.
const SLOW_TICK: Duration = Duration::from_millis(100);
/// Messages taken before what they caused is sent.
const BURST: usize = 64;

/// Number of a published track, unique on this node.
pub type TrackUid = u64;

/// Event of the forwarding unit for a room.
#[derive(Debug)]
pub enum MediaEvent {
    Offer {
        leg: u64,
        nid: u32,
        sdp: String,
        map: Vec<(TrackUid, String)>,
    },
    Connected {
        leg: u64,
        publishes: bool,
    },
    Failed {
        leg: u64,
    },
    /// Loudness of microphones in −dBov, as smoothed over the last moment.
    Levels(Vec<(TrackUid, u8)>),
    /// Worst loss on the way down to this leg in the last two seconds.
    Loss {
        leg: u64,
        fraction: f32,
    },
}

/// Where a published track comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    pub uid: TrackUid,
    pub place: Place,
    pub is_video: bool,
    /// Ids that the receiver's description shows.
    pub id: String,
    pub stream: String,
}

/// A packet on its way to the subscribers of other workers.
#[derive(Debug, Clone)]
pub struct Relayed {
    pub uid: TrackUid,
    pub layer: Quality,
    pub packet: MediaPacket,
}

/// Why the forwarding unit refused a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaRefusal {
    BadDescription,
    /// No such leg, or an answer to an offer that is not open.
    Stale,
}

/// One section of a publisher's offer and its track.
#[derive(Debug, Clone)]
pub struct PublishedMid {
    pub mid: String,
    pub uid: TrackUid,
    pub is_video: bool,
}

pub enum Message {
    Datagrams(Vec<(u64, SocketAddr, BytesMut)>),
    Relay(Vec<Relayed>),
    KeyFrame {
        leg: u64,
        uid: TrackUid,
        layer: Quality,
    },
    Link {
        leg: u64,
        uid: TrackUid,
        worker: usize,
    },
    Publish {
        leg: u64,
        events: mpsc::UnboundedSender<MediaEvent>,
        offer: String,
        tracks: Vec<PublishedMid>,
        reply: oneshot::Sender<Result<String, MediaRefusal>>,
    },
    Subscribe {
        leg: u64,
        events: mpsc::UnboundedSender<MediaEvent>,
        origin: Origin,
        flow: Flow,
    },
    Unsubscribe {
        leg: u64,
        uid: TrackUid,
    },
    SetFlow {
        leg: u64,
        uid: TrackUid,
        flow: Flow,
    },
    Answer {
        leg: u64,
        nid: u32,
        sdp: String,
        reply: oneshot::Sender<Result<(), MediaRefusal>>,
    },
    Restart {
        leg: u64,
    },
    Close {
        leg: u64,
    },
}

/// State that all workers share.
pub struct Shared {
    pub socket: MediaSocket,
    pub demux: Demux,
    pub counters: Counters,
    pub announced: Vec<SocketAddr>,
}

pub struct Worker {
    pub(super) index: usize,
    pub(super) shared: Arc<Shared>,
    pub(super) peers: Vec<mpsc::Sender<Message>>,
    pub(super) publishers: HashMap<u64, Publisher>,
    pub(super) subscribers: HashMap<u64, Subscriber>,
    pub(super) routes: HashMap<TrackUid, Route>,
    pub(super) touched: HashSet<u64>,
    outbox: Vec<Vec<Relayed>>,
    sending: Vec<(SocketAddr, BytesMut)>,
    slow_at: Instant,
    pub(super) loss_at: Instant,
}

impl Worker {
    pub fn new(index: usize, shared: Arc<Shared>, peers: Vec<mpsc::Sender<Message>>) -> Self {
        let now = Instant::now();
        Self {
            index,
            shared,
            outbox: vec![Vec::new(); peers.len()],
            peers,
            publishers: HashMap::new(),
            subscribers: HashMap::new(),
            routes: HashMap::new(),
            touched: HashSet::new(),
            sending: Vec::new(),
            slow_at: now,
            loss_at: now,
        }
    }

    /// Runs until every sender is gone.
    pub async fn run(mut self, mut messages: mpsc::Receiver<Message>) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            let idle = self.publishers.is_empty() && self.subscribers.is_empty();
            tokio::select! {
                message = messages.recv() => match message {
                    Some(message) => self.handle(message),
                    None => return,
                },
                _ = tick.tick(), if !idle => self.tick(Instant::now()),
            }
            for _ in 0..BURST {
                match messages.try_recv() {
                    Ok(message) => self.handle(message),
                    Err(_) => break,
                }
            }
            self.flush().await;
        }
    }

    fn handle(&mut self, message: Message) {
        let now = Instant::now();
        match message {
            Message::Datagrams(datagrams) => {
                for (leg, from, datagram) in datagrams {
                    self.receive(now, leg, from, datagram);
                }
            }
            Message::Relay(packets) => {
                for Relayed { uid, layer, packet } in packets {
                    self.deliver(now, uid, layer, &packet);
                }
            }
            Message::KeyFrame { leg, uid, layer } => self.ask_publisher(now, leg, uid, layer),
            Message::Link { leg, uid, worker } => self.link(leg, uid, worker),
            Message::Publish { leg, events, offer, tracks, reply } => {
                let answer = self.publish(now, leg, events, &offer, tracks);
                // A room that no longer waits has closed the leg.
                let _ = reply.send(answer);
            }
            Message::Subscribe { leg, events, origin, flow } => {
                self.subscribe(now, leg, events, origin, flow)
            }
            Message::Unsubscribe { leg, uid } => self.unsubscribe(leg, uid),
            Message::SetFlow { leg, uid, flow } => self.set_flow(leg, uid, flow),
            Message::Answer { leg, nid, sdp, reply } => {
                let _ = reply.send(self.take_answer(now, leg, nid, &sdp));
            }
            Message::Restart { leg } => self.restart(leg),
            Message::Close { leg } => self.close(now, leg),
        }
    }

    fn receive(&mut self, now: Instant, leg: u64, from: SocketAddr, datagram: BytesMut) {
        let counters = &self.shared.counters;
        add(&counters.packets_in, 1);
        add(&counters.bytes_in, datagram.len() as u64);
        // A leg number is even for publishing and odd for receiving connections.
        if let Some(publisher) = self.publishers.get_mut(&leg) {
            publisher.leg.receive(now, from, datagram);
            publisher.deadline = None;
        } else if let Some(subscriber) = self.subscribers.get_mut(&leg) {
            subscriber.leg.receive(now, from, datagram);
            subscriber.deadline = None;
        }
        self.touch(now, leg);
    }

    /// Takes what a leg has to tell and marks it for sending.
    pub(super) fn touch(&mut self, now: Instant, leg: u64) {
        self.touched.insert(leg);
        loop {
            let event = match self.publishers.get_mut(&leg) {
                Some(publisher) => publisher.leg.poll(),
                None => self.subscribers.get_mut(&leg).and_then(|subscriber| subscriber.leg.poll()),
            };
            let Some(event) = event else { return };
            match event {
                LegEvent::Media { mid, layer, ssrc, packet } => {
                    self.take_media(now, leg, &mid, layer, ssrc, packet);
                }
                LegEvent::Connected => self.connected(now, leg),
                LegEvent::Failed => self.failed(leg),
                LegEvent::Feedback(feedback) => self.take_feedback(now, leg, feedback),
                LegEvent::Bandwidth(bits) => {
                    if let Some(subscriber) = self.subscribers.get_mut(&leg) {
                        subscriber.bandwidth.estimate(bits);
                    }
                }
            }
        }
    }

    fn take_media(
        &mut self,
        now: Instant,
        leg: u64,
        mid: &str,
        layer: Quality,
        ssrc: u32,
        packet: MediaPacket,
    ) {
        let Some(publisher) = self.publishers.get_mut(&leg) else { return };
        let Some((uid, workers)) = publisher.media(mid, layer, ssrc, &packet) else { return };
        for (worker, outbox) in self.outbox.iter_mut().enumerate() {
            if worker != self.index && workers & (1 << worker) != 0 {
                outbox.push(Relayed { uid, layer, packet: packet.clone() });
            }
        }
        self.deliver(now, uid, layer, &packet);
    }

    /// Forwards a packet to the subscribers of this worker.
    fn deliver(&mut self, now: Instant, uid: TrackUid, layer: Quality, packet: &MediaPacket) {
        let Some(route) = self.routes.get_mut(&uid) else { return };
        route.layers.seen(layer, now, packet.payload.len());
        for subscription in &mut route.subscriptions {
            let before = subscription.forward.current();
            let Some(out) = subscription.forward.forward(packet, layer, &route.layers, now) else { continue };
            if before.is_some() && before != subscription.forward.current() {
                add(&self.shared.counters.layer_changes, 1);
            }
            let Some(subscriber) = self.subscribers.get_mut(&subscription.leg) else { continue };
            if subscriber.connected {
                subscriber.leg.send(now, subscription.ssrc, route.is_video, out);
                self.touched.insert(subscription.leg);
            }
        }
    }

    fn tick(&mut self, now: Instant) {
        let mut due = Vec::new();
        for (leg, publisher) in &mut self.publishers {
            if publisher.is_due(now) {
                due.push(*leg);
            }
        }
        for (leg, subscriber) in &mut self.subscribers {
            if subscriber.is_due(now) {
                due.push(*leg);
            }
        }
        for leg in due {
            self.touch(now, leg);
        }
        self.negotiate_all(now);
        if now.duration_since(self.slow_at) >= SLOW_TICK {
            self.slow_at = now;
            self.slow_tick(now);
        }
    }

    async fn flush(&mut self) {
        let counters = &self.shared.counters;
        for leg in self.touched.drain() {
            if let Some(publisher) = self.publishers.get_mut(&leg) {
                while let Some(datagram) = publisher.leg.poll_transmit() {
                    self.sending.push(datagram);
                }
            } else if let Some(subscriber) = self.subscribers.get_mut(&leg) {
                while let Some(datagram) = subscriber.leg.poll_transmit() {
                    self.sending.push(datagram);
                }
            }
        }
        add(&counters.packets_out, self.sending.len() as u64);
        let bytes: usize = self.sending.iter().map(|(_, datagram)| datagram.len()).sum();
        add(&counters.bytes_out, bytes as u64);
        self.shared.socket.send(&mut self.sending).await;
        for (worker, outbox) in self.outbox.iter_mut().enumerate() {
            if outbox.is_empty() {
                continue;
            }
            let count = outbox.len() as u64;
            if self.peers[worker].try_send(Message::Relay(std::mem::take(outbox))).is_err() {
                add(&counters.dropped, count);
            }
        }
    }

    /// Tells another worker, or handles the message here.
    pub(super) fn tell(&mut self, worker: usize, message: Message) {
        if worker == self.index {
            self.handle(message);
        } else if self.peers[worker].try_send(message).is_err() {
            add(&self.shared.counters.dropped, 1);
        }
    }

    /// Sends what a closed connection still has to say before it is dropped.
    pub(super) fn send_last(&mut self, mut datagrams: Vec<(SocketAddr, BytesMut)>) {
        self.sending.append(&mut datagrams);
    }
}
