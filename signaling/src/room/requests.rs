//! Requests of a participant: tracks, layers, mute, hand, chat.

use jiff::Timestamp;
use uuid::Uuid;

use super::{CHAT_TAIL, Member, Outcome, Room, Track, TrackKey};
use crate::protocol::{
    ChatMessage, ClientMessage, ErrorCode, MAX_CHAT, MAX_TRACKS, OfferedTrack, Presence, ServerMessage,
    Source, TrackOp, Want,
};
use crate::report::Fact;

impl Room {
    /// Handles a request that concerns the room alone; offers and answers belong to the media plane.
    ///
    /// # Errors
    /// The code that the caller gets as `error`.
    pub fn request(&mut self, now: Timestamp, who: Uuid, message: &ClientMessage) -> Outcome {
        let member = self.members.get(&who).ok_or(ErrorCode::WrongState)?;
        if member.presence != Presence::In {
            return Err(ErrorCode::WrongState);
        }
        match message {
            ClientMessage::SubWant { set } => self.want(who, set)?,
            ClientMessage::TrackMute { track, muted } => self.mute_own(who, track, *muted)?,
            ClientMessage::ChatSend { text } => self.chat(now, who, text)?,
            ClientMessage::Hand { up } => self.hand(who, *up),
            ClientMessage::Moderate(moderation) => self.moderate(now, who, moderation)?,
            ClientMessage::RecordConsent { agreed } => {
                self.report(now, Fact::RecordingConsented { participant: who, agreed: *agreed });
            }
            ClientMessage::Hello(_)
            | ClientMessage::PubOffer(_)
            | ClientMessage::SubAnswer { .. }
            | ClientMessage::IceRestart { .. }
            | ClientMessage::Stats(_)
            | ClientMessage::Ping
            | ClientMessage::Leave => return Err(ErrorCode::WrongState),
        }
        Ok(self.settle())
    }

    /// Checks an offer's tracks against presence and grants, before its description is looked at.
    ///
    /// # Errors
    /// `WrongState` in the lobby, `NotAllowed` without the grant, `BadSdp` for too many or doubled tracks.
    pub fn check_publish(&self, who: Uuid, offered: &[OfferedTrack]) -> Result<(), ErrorCode> {
        let member = self.members.get(&who).ok_or(ErrorCode::WrongState)?;
        if member.presence != Presence::In {
            return Err(ErrorCode::WrongState);
        }
        if offered.iter().any(|track| !member.grants.publish.contains(&track.source)) {
            return Err(ErrorCode::NotAllowed);
        }
        let doubled = |(at, track): (usize, &OfferedTrack)| {
            offered[..at].iter().any(|earlier| earlier.source == track.source || earlier.mid == track.mid)
        };
        if offered.len() > MAX_TRACKS || offered.iter().enumerate().any(doubled) {
            return Err(ErrorCode::BadSdp);
        }
        Ok(())
    }

    /// Replaces what a participant publishes. A mute by a moderator outlasts a new offer.
    ///
    /// # Errors
    /// As `check_publish`.
    pub fn publish(&mut self, who: Uuid, offered: &[OfferedTrack]) -> Outcome {
        self.check_publish(who, offered)?;
        let member = self.member(who)?;
        let old = std::mem::take(&mut member.tracks);
        for track in offered {
            let held = old.get(&track.source).is_some_and(|old| old.muted_by_moderator);
            let muted = old.get(&track.source).map_or(track.muted, |old| old.muted);
            member.tracks.insert(track.source, Track { muted: muted || held, muted_by_moderator: held });
        }
        let added: Vec<Source> =
            member.tracks.keys().filter(|source| !old.contains_key(source)).copied().collect();
        let removed: Vec<Source> =
            old.keys().filter(|source| !member.tracks.contains_key(source)).copied().collect();
        for source in removed {
            self.tell_removed(who, source);
        }
        for source in added {
            self.tell_track(who, source, TrackOp::Added);
        }
        Ok(self.settle())
    }

    pub(super) fn member(&mut self, who: Uuid) -> Result<&mut Member, ErrorCode> {
        self.members.get_mut(&who).ok_or(ErrorCode::UnknownParticipant)
    }

    pub(super) fn tell_track(&mut self, owner: Uuid, source: Source, op: TrackOp) {
        if let Some(track) = self.track_info(owner, source) {
            self.broadcast(None, ServerMessage::Track { op, track });
        }
    }

    pub(super) fn tell_removed(&mut self, owner: Uuid, source: Source) {
        let track = crate::protocol::TrackInfo {
            id: TrackKey { owner, source }.id(),
            participant: owner.to_string(),
            source,
            muted: true,
            muted_by_moderator: false,
        };
        self.broadcast(None, ServerMessage::Track { op: TrackOp::Removed, track });
    }

    fn want(&mut self, who: Uuid, set: &[Want]) -> Result<(), ErrorCode> {
        let mut keys = Vec::with_capacity(set.len());
        for want in set {
            let key = TrackKey::parse(&want.track).ok_or(ErrorCode::UnknownTrack)?;
            let exists = self.members.get(&key.owner).is_some_and(|owner| {
                owner.presence == Presence::In && owner.tracks.contains_key(&key.source)
            });
            if !exists || key.owner == who {
                return Err(ErrorCode::UnknownTrack);
            }
            keys.push((key, (want.on, want.q)));
        }
        self.member(who)?.wants.extend(keys);
        Ok(())
    }

    fn mute_own(&mut self, who: Uuid, track: &str, muted: bool) -> Result<(), ErrorCode> {
        let key = TrackKey::parse(track).filter(|key| key.owner == who).ok_or(ErrorCode::UnknownTrack)?;
        let track = self.member(who)?.tracks.get_mut(&key.source).ok_or(ErrorCode::UnknownTrack)?;
        track.muted = muted;
        if !muted {
            track.muted_by_moderator = false;
        }
        self.tell_track(who, key.source, TrackOp::Changed);
        Ok(())
    }

    fn chat(&mut self, now: Timestamp, who: Uuid, text: &str) -> Result<(), ErrorCode> {
        let member = self.member(who)?;
        if !member.grants.chat {
            return Err(ErrorCode::NotAllowed);
        }
        let name = member.name.clone();
        let text = text.trim();
        if text.is_empty() {
            return Err(ErrorCode::BadMessage);
        }
        if text.chars().count() > MAX_CHAT {
            return Err(ErrorCode::TooLong);
        }
        self.chats += 1;
        let id = Uuid::new_v5(&self.session, format!("chat/{}", self.chats).as_bytes());
        let message = ChatMessage {
            id: id.to_string(),
            participant: who.to_string(),
            name,
            text: text.to_owned(),
            at: now.to_string(),
        };
        self.chat.push_back(message.clone());
        if self.chat.len() > CHAT_TAIL {
            self.chat.pop_front();
        }
        self.report(now, Fact::ChatSent { message: id, participant: who, text: text.to_owned() });
        self.broadcast(None, ServerMessage::Chat(message));
        Ok(())
    }

    fn hand(&mut self, who: Uuid, up: bool) {
        let is_up = self.hands.contains(&who);
        if up == is_up {
            return;
        }
        if up {
            self.hands.push(who);
        } else {
            self.hands.retain(|hand| *hand != who);
        }
        self.tell_hands();
    }
}
