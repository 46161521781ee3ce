//! Leaving: on request, by loss of the connection, at the end of the lesson, and on drain.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Effect, LOSS_SHOWN_AFTER, Room};
use crate::protocol::{CloseCode, ParticipantOp, Presence, RESUME_SECONDS, ServerMessage};
use crate::report::{CloseCause, Fact, LeaveCause};

impl Room {
    /// Ends a stay because the participant asked for it.
    pub fn leave(&mut self, now: Timestamp, who: Uuid, connection: Uuid) -> Vec<Effect> {
        if self.is_current(who, connection) {
            self.depart(now, who, LeaveCause::Left);
        }
        self.settle()
    }

    /// Notes that the socket is gone; the session may resume for 30 s and media goes on.
    pub fn lost(&mut self, now: Timestamp, who: Uuid, connection: Uuid) -> Vec<Effect> {
        if self.is_current(who, connection)
            && let Some(member) = self.members.get_mut(&who)
        {
            member.lost_at.get_or_insert(now);
        }
        self.settle()
    }

    /// Notes that the session was taken up again. Returns `None` if there is nothing to resume.
    pub fn resumed(&mut self, who: Uuid, connection: Uuid) -> Option<Vec<Effect>> {
        if self.ended || !self.is_current(who, connection) {
            return None;
        }
        let member = self.members.get_mut(&who)?;
        member.lost_at = None;
        if std::mem::take(&mut member.loss_shown) {
            self.tell_changed(who);
        }
        Some(self.settle())
    }

    /// Applies what time alone decides: lost connections and the end of the window.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        if !self.ended && now >= self.rules.closes_at() {
            self.end(now, CloseCause::WindowOver, LeaveCause::Ended);
        }
        let mut gone = Vec::new();
        let mut shown = Vec::new();
        for (who, member) in &mut self.members {
            let Some(lost_at) = member.lost_at else { continue };
            let lost = now.duration_since(lost_at);
            if lost >= SignedDuration::from_secs(RESUME_SECONDS) {
                gone.push((*who, lost_at));
            } else if lost >= LOSS_SHOWN_AFTER && !member.loss_shown {
                member.loss_shown = true;
                shown.push(*who);
            }
        }
        for who in shown {
            self.tell_changed(who);
        }
        for (who, lost_at) in gone {
            self.depart(lost_at, who, LeaveCause::Lost);
        }
        self.settle()
    }

    /// Ends every stay because the node is stopped; people join again elsewhere.
    pub fn drain(&mut self, now: Timestamp) -> Vec<Effect> {
        if !self.ended {
            self.close_for_all(now, LeaveCause::Drained, CloseCode::Draining);
            self.report(now, Fact::RoomClosed { cause: CloseCause::Drained });
        }
        self.settle()
    }

    pub(super) fn is_current(&self, who: Uuid, connection: Uuid) -> bool {
        self.members.get(&who).is_some_and(|member| member.connection == connection)
    }

    pub(super) fn end(&mut self, now: Timestamp, cause: CloseCause, leave: LeaveCause) {
        self.ended = true;
        self.close_for_all(now, leave, CloseCode::Ended);
        self.report(now, Fact::RoomClosed { cause });
    }

    fn close_for_all(&mut self, now: Timestamp, cause: LeaveCause, code: CloseCode) {
        let members: Vec<(Uuid, Uuid)> =
            self.members.iter().map(|(who, member)| (*who, member.connection)).collect();
        for (who, connection) in members {
            self.pending.push(Effect::Bye { to: who, connection, code });
            self.remove_member(now, who, cause);
        }
        self.hands.clear();
    }

    /// Ends a stay and tells the others.
    pub(super) fn depart(&mut self, at: Timestamp, who: Uuid, cause: LeaveCause) {
        let was_in = self.is_in(who);
        let had_hand = self.hands.contains(&who);
        let participant = self.info(who);
        self.remove_member(at, who, cause);
        if was_in {
            self.broadcast(None, ServerMessage::Participant { op: ParticipantOp::Left, participant });
            if had_hand {
                self.hands.retain(|hand| *hand != who);
                self.tell_hands();
            }
        } else {
            self.tell_lobby();
        }
    }

    fn remove_member(&mut self, at: Timestamp, who: Uuid, cause: LeaveCause) {
        let Some(member) = self.members.remove(&who) else { return };
        let connection = member.connection;
        self.pending.push(Effect::CloseMedia { participant: who, connection });
        // With the connection go its subscriptions; the next one of the same person begins without any.
        self.flows.retain(|(_, receiver), _| *receiver != who);
        if member.presence == Presence::In {
            // A connection that was lost before counts until its loss, whatever ended it later.
            let until = member.lost_at.map_or(at, |lost_at| lost_at.min(at));
            let seconds = seconds_between(member.joined_at, until);
            self.report(until, Fact::ParticipantLeft { participant: who, connection, cause, seconds });
        }
        for other in self.members.values_mut() {
            other.wants.retain(|track, _| track.owner != who);
        }
    }

    pub(super) fn tell_hands(&mut self) {
        let participants = self.hands.iter().map(Uuid::to_string).collect();
        self.broadcast(None, ServerMessage::Hands { participants });
    }

    fn tell_changed(&mut self, who: Uuid) {
        if self.is_in(who) {
            let participant = self.info(who);
            self.broadcast(Some(who), ServerMessage::Participant { op: ParticipantOp::Changed, participant });
        } else {
            self.tell_lobby();
        }
    }
}

/// Returns whole seconds, rounded to the nearest.
pub(super) fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    (to.duration_since(from).as_millis().max(0) as i64 + 500) / 1_000
}
