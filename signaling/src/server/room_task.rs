//! A room as a task: applies the effects of its state machine to sockets and media.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use super::messages::RoomMessage;
use super::node::Node;
use super::session::Session;
use super::sink::Sink;
use crate::media::{Legs, MediaEvent, Origin, TrackUid};
use crate::protocol::{ByeAction, CloseCode, Limits, Presence, RESUME_SECONDS, ServerMessage, Welcome};
use crate::room::{Carry, Effect, Room, TrackKey};
use crate::token::Claims;

const TICK: Duration = Duration::from_millis(250);

/// Published track: its number and its publisher's connections.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublishedTrack {
    pub uid: TrackUid,
    pub legs: Legs,
}

pub struct RoomTask {
    pub(super) node: Arc<Node>,
    pub(super) room: Room,
    pub(super) sessions: HashMap<Uuid, Session>,
    /// Present session of each participant.
    pub(super) current: HashMap<Uuid, Uuid>,
    pub(super) published: HashMap<TrackKey, PublishedTrack>,
    pub(super) subscribed: HashMap<(TrackKey, Uuid), TrackUid>,
    pub(super) events: mpsc::UnboundedSender<MediaEvent>,
    pub(super) joined_at: HashMap<Uuid, Instant>,
    media: Option<mpsc::UnboundedReceiver<MediaEvent>>,
    carry: watch::Sender<Carry>,
    pub(super) levels: HashMap<TrackUid, u8>,
    pub(super) speakers: Vec<Uuid>,
    pub(super) spoke_at: Instant,
    over: bool,
}

impl RoomTask {
    pub fn new(node: Arc<Node>, room: Room, carry: watch::Sender<Carry>) -> Self {
        let (events, media) = mpsc::unbounded_channel();
        Self {
            node,
            room,
            sessions: HashMap::new(),
            current: HashMap::new(),
            published: HashMap::new(),
            subscribed: HashMap::new(),
            events,
            joined_at: HashMap::new(),
            media: Some(media),
            carry,
            levels: HashMap::new(),
            speakers: Vec::new(),
            spoke_at: Instant::now(),
            over: false,
        }
    }

    /// Runs until the room is over or the node stops.
    pub async fn run(mut self, mut messages: mpsc::UnboundedReceiver<RoomMessage>) {
        let Some(mut media) = self.media.take() else { return };
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let opened = self.room.opened(self.node.now(), &self.node.config.node);
        self.apply(opened).await;
        while !self.over {
            tokio::select! {
                message = messages.recv() => match message {
                    Some(message) => self.handle(message).await,
                    None => break,
                },
                Some(event) = media.recv() => self.take_event(event).await,
                _ = tick.tick() => {
                    let effects = self.room.tick(self.node.now());
                    self.apply(effects).await;
                    let closed = self.node.now() >= self.room.rules().closes_at();
                    self.over |= closed && self.room.is_empty();
                }
            }
            self.note_carry();
        }
        for session in self.sessions.values() {
            self.node.engine.close(session.legs).await;
        }
        self.node.forget_room(self.room.lesson());
    }

    async fn handle(&mut self, message: RoomMessage) {
        match message {
            RoomMessage::Join { claims, session, sink, reply } => {
                let joined = self.join(&claims, session, sink).await;
                // A socket that is gone by now says so itself.
                let _ = reply.send(joined);
            }
            RoomMessage::Resume { session, last_seq, sink, reply } => {
                let _ = reply.send(self.resume(session, last_seq, sink).await);
            }
            RoomMessage::Frame { session, frame } => self.take_frame(session, frame).await,
            RoomMessage::Refuse { session, re, code, retry_ms } => {
                if let Some(session) = self.sessions.get_mut(&session) {
                    session.refuse(re, code, retry_ms);
                }
            }
            RoomMessage::Lost { session, sink } => self.lost(session, sink).await,
            RoomMessage::Fenced => {
                tracing::warn!(lesson = %self.room.lesson(), "another node has claimed the lesson");
                if self.node.is_draining() {
                    // The next node counts on this one to report its stays.
                    let effects = self.room.drain(self.node.now());
                    self.apply(effects).await;
                }
                for session in self.sessions.values_mut() {
                    session.bye(CloseCode::Draining, 200);
                }
                self.over = true;
            }
            RoomMessage::Drain => {
                for (at, session) in self.sessions.values_mut().enumerate() {
                    // Spread over a second, so that the next node is not asked by all at once.
                    let retry_ms = (at as u32 * 137) % 1_000;
                    session.tell_bye(CloseCode::Draining, ByeAction::Rejoin, retry_ms);
                }
            }
            RoomMessage::End => {
                let effects = self.room.drain(self.node.now());
                self.apply(effects).await;
                self.over = true;
            }
        }
    }

    async fn join(&mut self, claims: &Claims, id: Uuid, sink: Sink) -> Result<(), CloseCode> {
        let effects =
            self.room.join(self.node.now(), claims, id).map_err(crate::room::JoinRefusal::close_code)?;
        let who = claims.participant;
        let mut session = Session::new(id, who, self.node.engine.allot(), sink);
        session.send(None, self.welcome(who, id, false));
        self.sessions.insert(id, session);
        self.current.insert(who, id);
        self.joined_at.insert(who, Instant::now());
        let lesson = self.room.lesson();
        tracing::info!(%lesson, participant = %who, session = %id, role = ?claims.role, "joined");
        self.apply(effects).await;
        Ok(())
    }

    async fn resume(&mut self, id: Uuid, last_seq: u64, sink: Sink) -> Option<Uuid> {
        let session = self.sessions.get(&id)?;
        let who = session.participant;
        if !session.can_resume(last_seq) {
            return None;
        }
        let effects = self.room.resumed(who, id)?;
        let welcome = self.welcome(who, id, true);
        self.sessions.get_mut(&id)?.resume(sink, last_seq, welcome);
        tracing::info!(lesson = %self.room.lesson(), participant = %who, session = %id, "resumed");
        self.apply(effects).await;
        Some(who)
    }

    fn welcome(&self, who: Uuid, id: Uuid, resumed: bool) -> ServerMessage {
        let role = self.room.role(who).unwrap_or(crate::protocol::Role::Observer);
        ServerMessage::Welcome(Box::new(Welcome {
            sid: format!("{}:{id}", self.room.lesson()),
            resume_secret: self.node.key.resume_secret(id),
            me: who.to_string(),
            role,
            grants: self
                .room
                .grants(who)
                .cloned()
                .unwrap_or_else(|| crate::protocol::Grants::of_role(crate::protocol::Role::Observer)),
            state: self.room.presence(who).unwrap_or(Presence::Lobby),
            resumed,
            room: self.room.state_for(who),
            limits: Limits {
                frame_bytes: crate::protocol::MAX_FRAME as u32,
                sdp_bytes: crate::protocol::MAX_SDP as u32,
                chat_chars: crate::protocol::MAX_CHAT as u32,
                tracks: crate::protocol::MAX_TRACKS as u32,
                resume_seconds: RESUME_SECONDS as u32,
            },
        }))
    }

    async fn lost(&mut self, id: Uuid, sink: u64) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        // An older socket may end long after the session was taken up on a newer one.
        if !session.detach(sink) {
            return;
        }
        let who = session.participant;
        let effects = self.room.lost(self.node.now(), who, id);
        self.apply(effects).await;
    }

    /// Carries out what the room asked for, in order.
    pub(super) async fn apply(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send { to, message } => {
                    let session = self.current.get(&to).and_then(|id| self.sessions.get_mut(id));
                    if let Some(session) = session {
                        session.send(None, message);
                    }
                }
                Effect::Report(report) => self.node.reports.publish(report),
                Effect::Bye { connection, code, .. } => {
                    if let Some(session) = self.sessions.get_mut(&connection) {
                        session.bye(code, 500);
                    }
                }
                Effect::CloseMedia { participant, connection } => {
                    self.close_media(participant, connection).await;
                }
                Effect::Subscribe { track, receiver, flow } => {
                    let published = self.published.get(&track).copied();
                    let legs = self.legs_of(receiver);
                    if let (Some(published), Some(legs)) = (published, legs) {
                        let origin = Origin {
                            uid: published.uid,
                            place: published.legs.origin(),
                            is_video: track.source.is_video(),
                            id: track.id(),
                            stream: stream_of(track),
                        };
                        self.subscribed.insert((track, receiver), published.uid);
                        self.node.engine.subscribe(legs, self.events.clone(), origin, flow).await;
                    }
                }
                Effect::Unsubscribe { track, receiver } => {
                    let uid = self.subscribed.remove(&(track, receiver));
                    if let (Some(uid), Some(legs)) = (uid, self.legs_of(receiver)) {
                        self.node.engine.unsubscribe(legs, uid).await;
                    }
                }
                Effect::SetFlow { track, receiver, flow } => {
                    let uid = self.subscribed.get(&(track, receiver)).copied();
                    if let (Some(uid), Some(legs)) = (uid, self.legs_of(receiver)) {
                        self.node.engine.set_flow(legs, uid, flow).await;
                    }
                }
            }
        }
        self.drop_closed();
    }

    async fn close_media(&mut self, participant: Uuid, connection: Uuid) {
        let Some(session) = self.sessions.get_mut(&connection) else { return };
        let old = session.legs;
        // A person sent back into the lobby keeps the session and gets new connections on the next entry.
        session.legs = self.node.engine.allot();
        self.node.engine.close(old).await;
        self.subscribed.retain(|(_, receiver), _| *receiver != participant);
    }

    /// Drops sessions whose person is no longer in the room.
    fn drop_closed(&mut self) {
        let (room, current) = (&self.room, &self.current);
        self.sessions.retain(|id, session| {
            current.get(&session.participant) == Some(id) && room.presence(session.participant).is_some()
        });
        self.current.retain(|_, id| self.sessions.contains_key(id));
    }

    pub(super) fn legs_of(&self, who: Uuid) -> Option<Legs> {
        self.current.get(&who).and_then(|id| self.sessions.get(id)).map(|session| session.legs)
    }

    fn note_carry(&self) {
        let carry = self.room.carry();
        self.carry.send_if_modified(|old| {
            let changed = *old != carry;
            if changed {
                *old = carry;
            }
            changed
        });
        self.node.note_room(self.room.lesson(), self.room.len());
    }
}

/// Microphone and camera of a person play together; a screen is its own stream.
fn stream_of(track: TrackKey) -> String {
    use crate::protocol::Source;
    match track.source {
        Source::Mic | Source::Camera => track.owner.to_string(),
        Source::Screen | Source::ScreenAudio => format!("{}:screen", track.owner),
    }
}
