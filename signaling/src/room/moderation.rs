//! Moderation: lobby, mute, removal, lock, grants, end.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Effect, Outcast, Room};
use crate::protocol::{
    CloseCode, DeniedReason, ErrorCode, ModOp, Moderation, Presence, Role, ServerMessage, Source, TrackOp,
};
use crate::report::{CloseCause, Fact, LeaveCause};

impl Room {
    pub(super) fn moderate(
        &mut self,
        now: Timestamp,
        who: Uuid,
        moderation: &Moderation,
    ) -> Result<(), ErrorCode> {
        if !self.grants(who).is_some_and(|grants| grants.moderate) {
            return Err(ErrorCode::NotAllowed);
        }
        match moderation.op {
            ModOp::Lock | ModOp::Unlock => self.lock(moderation.op == ModOp::Lock),
            ModOp::End => self.end(now, CloseCause::EndedByTeacher, LeaveCause::Ended),
            ModOp::Record => return Err(ErrorCode::RecordingUnavailable),
            ModOp::Mute if moderation.target.is_none() => {
                let others: Vec<Uuid> = self.members.keys().copied().filter(|other| *other != who).collect();
                for other in others {
                    self.mute_by_moderator(other, moderation.source.unwrap_or(Source::Mic));
                }
            }
            _ => {
                let target = self.target(moderation)?;
                self.moderate_person(now, who, target, moderation)?;
            }
        }
        Ok(())
    }

    fn target(&self, moderation: &Moderation) -> Result<Uuid, ErrorCode> {
        let target = moderation.target.as_ref().and_then(|id| id.parse().ok());
        target.filter(|who| self.members.contains_key(who)).ok_or(ErrorCode::UnknownParticipant)
    }

    fn moderate_person(
        &mut self,
        now: Timestamp,
        by: Uuid,
        target: Uuid,
        moderation: &Moderation,
    ) -> Result<(), ErrorCode> {
        let waits = self.presence(target) == Some(Presence::Lobby);
        let protected = target == by || self.role(target) == Some(Role::Teacher);
        match moderation.op {
            ModOp::Admit | ModOp::Deny if !waits => return Err(ErrorCode::WrongState),
            ModOp::Admit => self.admit(now, target, Some(by)),
            ModOp::ToLobby | ModOp::Remove | ModOp::Ban | ModOp::Deny if protected => {
                return Err(ErrorCode::NotAllowed);
            }
            ModOp::Deny => self.put_out(now, target, DeniedReason::Denied, LeaveCause::Removed),
            ModOp::ToLobby if waits => return Err(ErrorCode::WrongState),
            ModOp::ToLobby => self.send_to_lobby(now, target),
            ModOp::Remove | ModOp::Ban => {
                let banned = moderation.op == ModOp::Ban;
                self.report(now, Fact::ParticipantRemoved { participant: target, by, banned });
                let reason = if banned { DeniedReason::Banned } else { DeniedReason::Removed };
                self.put_out(now, target, reason, LeaveCause::Removed);
                if banned {
                    self.outcasts.insert(target, Outcast::Banned);
                }
            }
            ModOp::Mute => self.mute_by_moderator(target, moderation.source.unwrap_or(Source::Mic)),
            ModOp::StopVideo => {
                self.mute_by_moderator(target, moderation.source.unwrap_or(Source::Camera));
            }
            ModOp::Grant | ModOp::Revoke => {
                let source = moderation.source.ok_or(ErrorCode::BadMessage)?;
                self.set_grant(target, source, moderation.op == ModOp::Grant)?;
            }
            ModOp::LowerHand => {
                if self.hands.contains(&target) {
                    self.hands.retain(|hand| *hand != target);
                    self.tell_hands();
                }
            }
            ModOp::Lock | ModOp::Unlock | ModOp::Record | ModOp::End => return Err(ErrorCode::BadMessage),
        }
        Ok(())
    }

    fn lock(&mut self, locked: bool) {
        if self.locked != locked {
            self.locked = locked;
            self.tell_room();
        }
    }

    /// Ends the stay and the connection; the next entry needs a click.
    fn put_out(&mut self, now: Timestamp, who: Uuid, reason: DeniedReason, cause: LeaveCause) {
        self.send(who, ServerMessage::Denied { reason });
        self.outcasts.insert(who, Outcast::NeedsAdmission);
        self.admitted.remove(&who);
        let connection = self.members.get(&who).map(|member| member.connection);
        if let Some(connection) = connection {
            self.pending.push(Effect::Bye { to: who, connection, code: CloseCode::NotAllowed });
        }
        self.depart(now, who, cause);
    }

    /// Keeps the connection and takes the room away from it.
    fn send_to_lobby(&mut self, now: Timestamp, who: Uuid) {
        let Some(member) = self.members.get(&who) else { return };
        let mut waiting = member.clone();
        self.depart(now, who, LeaveCause::ToLobby);
        waiting.presence = Presence::Lobby;
        waiting.tracks.clear();
        waiting.wants.clear();
        self.members.insert(who, waiting);
        self.outcasts.insert(who, Outcast::NeedsAdmission);
        self.admitted.remove(&who);
        self.send(who, ServerMessage::Denied { reason: DeniedReason::ToLobby });
        self.tell_lobby();
    }

    fn mute_by_moderator(&mut self, who: Uuid, source: Source) {
        let track = self.members.get_mut(&who).and_then(|member| member.tracks.get_mut(&source));
        let Some(track) = track.filter(|track| !track.muted || !track.muted_by_moderator) else { return };
        track.muted = true;
        track.muted_by_moderator = true;
        self.tell_track(who, source, TrackOp::Changed);
    }

    fn set_grant(&mut self, who: Uuid, source: Source, granted: bool) -> Result<(), ErrorCode> {
        let member = self.member(who)?;
        let sources: &[Source] = match source {
            Source::Screen => &[Source::Screen, Source::ScreenAudio],
            Source::Mic => &[Source::Mic],
            Source::Camera => &[Source::Camera],
            Source::ScreenAudio => &[Source::ScreenAudio],
        };
        member.grants.publish.retain(|held| !sources.contains(held));
        let mut removed = Vec::new();
        if granted {
            member.grants.publish.extend(sources);
        } else {
            removed.extend(sources.iter().copied().filter(|source| member.tracks.remove(source).is_some()));
        }
        let grants = member.grants.clone();
        self.send(who, ServerMessage::Grants(grants));
        for source in removed {
            self.tell_removed(who, source);
        }
        Ok(())
    }
}
