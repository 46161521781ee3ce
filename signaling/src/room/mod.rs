//! The room of one lesson as a pure state machine: no I/O; time comes in as an argument.

mod carry;
mod entry;
mod flows;
mod leaving;
mod moderation;
#[cfg(test)]
mod properties;
mod requests;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub use carry::{Carry, Stay, last_words};
pub use flows::{Flow, Flows};

use crate::protocol::{
    ChatMessage, CloseCode, ErrorCode, Grants, ParticipantInfo, Presence, Quality, QualityLevel, Role,
    RoomState, ServerMessage, Source, TrackInfo,
};
use crate::report::{Fact, Report, report_id};

/// The room opens this long before the lesson starts.
pub const OPENS_BEFORE: SignedDuration = SignedDuration::from_mins(15);
/// The room closes this long after the lesson ends.
pub const CLOSES_AFTER: SignedDuration = SignedDuration::from_mins(30);
/// A lost connection is shown to the others after this long; a quick resume stays invisible.
pub const LOSS_SHOWN_AFTER: SignedDuration = SignedDuration::from_secs(3);
const CHAT_TAIL: usize = 50;

/// A published track: its owner and where it comes from. One per source and participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrackKey {
    pub owner: Uuid,
    pub source: Source,
}

impl TrackKey {
    /// Returns the id that the protocol uses.
    pub fn id(self) -> String {
        let source = match self.source {
            Source::Mic => "mic",
            Source::Camera => "camera",
            Source::Screen => "screen",
            Source::ScreenAudio => "screen_audio",
        };
        format!("{}:{source}", self.owner)
    }

    /// Parses the id that the protocol uses.
    pub fn parse(id: &str) -> Option<Self> {
        let (owner, source) = id.split_once(':')?;
        let source = match source {
            "mic" => Source::Mic,
            "camera" => Source::Camera,
            "screen" => Source::Screen,
            "screen_audio" => Source::ScreenAudio,
            _ => return None,
        };
        Some(Self { owner: owner.parse().ok()?, source })
    }
}

/// Effects of a step, which the caller of the room carries out in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Send {
        to: Uuid,
        message: ServerMessage,
    },
    Report(Report),
    /// Closes the socket of this connection after a `bye`.
    Bye {
        to: Uuid,
        connection: Uuid,
        code: CloseCode,
    },
    /// Adds a track to what the receiver gets.
    Subscribe {
        track: TrackKey,
        receiver: Uuid,
        flow: Flow,
    },
    Unsubscribe {
        track: TrackKey,
        receiver: Uuid,
    },
    /// Starts or stops forwarding, or chooses another layer; needs no negotiation.
    SetFlow {
        track: TrackKey,
        receiver: Uuid,
        flow: Flow,
    },
    /// Closes both media connections of this connection.
    CloseMedia {
        participant: Uuid,
        connection: Uuid,
    },
}

/// Why a person may not enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinRefusal {
    OutsideWindow,
    Banned,
    Ended,
}

impl JoinRefusal {
    /// Returns the close code that tells it.
    pub fn close_code(self) -> CloseCode {
        match self {
            Self::OutsideWindow | Self::Banned => CloseCode::NotAllowed,
            Self::Ended => CloseCode::Ended,
        }
    }
}

/// When the lesson is and how its room opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub auto_admit: bool,
}

impl Rules {
    /// Returns `true` from 15 minutes before the start to 30 minutes after the end.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now >= self.starts_at - OPENS_BEFORE && now < self.closes_at()
    }

    pub fn closes_at(&self) -> Timestamp {
        self.ends_at + CLOSES_AFTER
    }
}

#[derive(Debug, Clone)]
struct Track {
    muted: bool,
    muted_by_moderator: bool,
}

#[derive(Debug, Clone)]
struct Member {
    name: String,
    role: Role,
    grants: Grants,
    connection: Uuid,
    presence: Presence,
    joined_at: Timestamp,
    lost_at: Option<Timestamp>,
    loss_shown: bool,
    tracks: BTreeMap<Source, Track>,
    wants: BTreeMap<TrackKey, (bool, Quality)>,
    quality: Option<QualityLevel>,
}

/// A person who was put out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcast {
    /// Waits in the lobby until a moderator admits this person.
    NeedsAdmission,
    Banned,
}

/// The room of one lesson.
#[derive(Debug)]
pub struct Room {
    lesson: Uuid,
    session: Uuid,
    rules: Rules,
    members: BTreeMap<Uuid, Member>,
    outcasts: BTreeMap<Uuid, Outcast>,
    /// People who were inside; they come back without a second admission.
    admitted: BTreeSet<Uuid>,
    locked: bool,
    ended: bool,
    hands: Vec<Uuid>,
    chat: VecDeque<ChatMessage>,
    chats: u64,
    reports: u64,
    flows: Flows,
    pending: Vec<Effect>,
}

impl Room {
    /// Creates an empty room. `session` is the id of this claim of the lesson.
    pub fn new(lesson: Uuid, session: Uuid, rules: Rules) -> Self {
        Self {
            lesson,
            session,
            rules,
            members: BTreeMap::new(),
            outcasts: BTreeMap::new(),
            admitted: BTreeSet::new(),
            locked: false,
            ended: false,
            hands: Vec::new(),
            chat: VecDeque::new(),
            chats: 0,
            reports: 0,
            flows: Flows::default(),
            pending: Vec::new(),
        }
    }

    pub fn lesson(&self) -> Uuid {
        self.lesson
    }

    pub fn rules(&self) -> Rules {
        self.rules
    }

    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Returns how many people are inside or wait.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Returns the presence of a participant.
    pub fn presence(&self, who: Uuid) -> Option<Presence> {
        self.members.get(&who).map(|member| member.presence)
    }

    pub fn role(&self, who: Uuid) -> Option<Role> {
        self.members.get(&who).map(|member| member.role)
    }

    pub fn grants(&self, who: Uuid) -> Option<&Grants> {
        self.members.get(&who).map(|member| &member.grants)
    }

    /// Returns what is forwarded to whom.
    pub fn flows(&self) -> &Flows {
        &self.flows
    }

    /// Notes who is inside of the media plane's measurement and tells it, loudest first.
    pub fn speakers(&mut self, loudest: &[Uuid]) -> Vec<Effect> {
        let heard: Vec<String> = loudest
            .iter()
            .filter(|who| self.is_in(**who) && self.is_audible(**who))
            .map(Uuid::to_string)
            .collect();
        self.broadcast(None, ServerMessage::Speakers { participants: heard });
        self.settle()
    }

    /// Notes a participant's connection quality and tells changes.
    pub fn quality(&mut self, who: Uuid, level: QualityLevel) -> Vec<Effect> {
        let Some(member) = self.members.get_mut(&who) else { return Vec::new() };
        if member.presence == Presence::In && member.quality.replace(level) != Some(level) {
            self.broadcast(None, ServerMessage::Quality { participant: who.to_string(), level });
        }
        self.settle()
    }

    /// Returns the room as `who` may see it: empty in the lobby.
    pub fn state_for(&self, who: Uuid) -> RoomState {
        let inside = self.is_in(who);
        RoomState {
            participants: if inside { self.people(Presence::In) } else { Vec::new() },
            tracks: if inside { self.tracks() } else { Vec::new() },
            locked: self.locked,
            hands: if inside { self.hands.iter().map(Uuid::to_string).collect() } else { Vec::new() },
            chat_tail: if inside { self.chat.iter().cloned().collect() } else { Vec::new() },
            starts_at: self.rules.starts_at.to_string(),
            ends_at: self.rules.ends_at.to_string(),
            recording: false,
        }
    }

    fn is_in(&self, who: Uuid) -> bool {
        self.presence(who) == Some(Presence::In)
    }

    fn is_audible(&self, who: Uuid) -> bool {
        let mic = self.members.get(&who).and_then(|member| member.tracks.get(&Source::Mic));
        mic.is_some_and(|mic| !mic.muted)
    }

    fn teacher_present(&self) -> bool {
        self.members.values().any(|member| member.role == Role::Teacher && member.presence == Presence::In)
    }

    fn info(&self, who: Uuid) -> ParticipantInfo {
        let member = self.members.get(&who).expect("callers name members");
        ParticipantInfo {
            id: who.to_string(),
            name: member.name.clone(),
            role: member.role,
            connected: !member.loss_shown,
        }
    }

    fn people(&self, presence: Presence) -> Vec<ParticipantInfo> {
        let those = self.members.iter().filter(|(_, member)| member.presence == presence);
        those.map(|(who, _)| self.info(*who)).collect()
    }

    fn tracks(&self) -> Vec<TrackInfo> {
        let owners = self.members.iter().filter(|(_, member)| member.presence == Presence::In);
        owners
            .flat_map(|(owner, member)| {
                member.tracks.keys().filter_map(|source| self.track_info(*owner, *source))
            })
            .collect()
    }

    fn track_info(&self, owner: Uuid, source: Source) -> Option<TrackInfo> {
        let track = self.members.get(&owner)?.tracks.get(&source)?;
        Some(TrackInfo {
            id: TrackKey { owner, source }.id(),
            participant: owner.to_string(),
            source,
            muted: track.muted,
            muted_by_moderator: track.muted_by_moderator,
        })
    }

    fn send(&mut self, to: Uuid, message: ServerMessage) {
        self.pending.push(Effect::Send { to, message });
    }

    /// Sends to all participants inside except `except`.
    fn broadcast(&mut self, except: Option<Uuid>, message: ServerMessage) {
        let inside = self.members.iter().filter(|(_, member)| member.presence == Presence::In);
        let to: Vec<Uuid> = inside.map(|(who, _)| *who).filter(|who| Some(*who) != except).collect();
        for who in to {
            self.send(who, message.clone());
        }
    }

    /// Tells moderators who waits.
    fn tell_lobby(&mut self) {
        let waiting = self.people(Presence::Lobby);
        let moderators: Vec<Uuid> = self
            .members
            .iter()
            .filter(|(_, member)| member.presence == Presence::In && member.grants.moderate)
            .map(|(who, _)| *who)
            .collect();
        for who in moderators {
            self.send(who, ServerMessage::Lobby { waiting: waiting.clone() });
        }
    }

    fn report(&mut self, at: Timestamp, fact: Fact) {
        self.reports += 1;
        let id = report_id(self.session, self.reports);
        let (lesson, session, number) = (self.lesson, self.session, self.reports);
        self.pending.push(Effect::Report(Report { id, lesson, session, number, at, fact }));
    }

    /// Returns what was asked for since the last call, with the changes of the flows at the end.
    fn settle(&mut self) -> Vec<Effect> {
        let mut effects = std::mem::take(&mut self.pending);
        effects.extend(self.update_flows());
        effects
    }
}

/// Result of a request.
pub type Outcome = Result<Vec<Effect>, ErrorCode>;
