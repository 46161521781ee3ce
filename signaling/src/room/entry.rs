//! Entering: the window, the lobby, admission, and a person's newer connection.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::{Effect, JoinRefusal, Member, Outcast, Room, Rules};
use crate::protocol::{CloseCode, ParticipantOp, Presence, Role, ServerMessage};
use crate::report::{Fact, LeaveCause};
use crate::token::Claims;

impl Room {
    /// Lets a person with a checked token into the lobby or the room.
    ///
    /// # Errors
    /// `OutsideWindow`, `Banned`, `Ended`.
    pub fn join(
        &mut self,
        now: Timestamp,
        claims: &Claims,
        connection: Uuid,
    ) -> Result<Vec<Effect>, JoinRefusal> {
        let rules =
            Rules { starts_at: claims.starts_at, ends_at: claims.ends_at, auto_admit: claims.auto_admit };
        if self.ended {
            return Err(JoinRefusal::Ended);
        }
        if !rules.is_open(now) {
            return Err(JoinRefusal::OutsideWindow);
        }
        let who = claims.participant;
        if self.outcasts.get(&who) == Some(&Outcast::Banned) {
            return Err(JoinRefusal::Banned);
        }
        self.set_rules(rules);
        self.replace_connection(now, who);
        let member = Member {
            name: claims.name.clone(),
            role: claims.role,
            grants: claims.grants.clone(),
            connection,
            presence: Presence::Lobby,
            joined_at: now,
            lost_at: None,
            loss_shown: false,
            tracks: BTreeMap::new(),
            wants: BTreeMap::new(),
            quality: None,
        };
        self.members.insert(who, member);
        if self.may_enter(who) {
            self.enter(now, who);
        } else {
            self.tell_lobby();
        }
        if claims.role == Role::Teacher && self.is_in(who) {
            self.admit_waiting(now);
            self.tell_lobby();
        }
        Ok(self.settle())
    }

    fn set_rules(&mut self, rules: Rules) {
        if rules != self.rules {
            self.rules = rules;
            self.tell_room();
        }
    }

    pub(super) fn tell_room(&mut self) {
        let message = ServerMessage::Room { locked: self.locked, ends_at: self.rules.ends_at.to_string() };
        self.broadcast(None, message);
    }

    /// Ends the older connection of the same person, whose place the newer one takes.
    fn replace_connection(&mut self, now: Timestamp, who: Uuid) {
        if let Some(old) = self.members.get(&who) {
            let connection = old.connection;
            self.depart(now, who, LeaveCause::Replaced);
            self.pending.push(Effect::Bye { to: who, connection, code: CloseCode::Replaced });
        }
    }

    fn may_enter(&self, who: Uuid) -> bool {
        let member = self.members.get(&who).expect("the member was just added");
        if member.role == Role::Teacher {
            return true;
        }
        if self.outcasts.contains_key(&who) {
            return false;
        }
        // An observer needs the teacher's click, so that no person watches a lesson unasked.
        let without_click = self.rules.auto_admit && member.role != Role::Observer;
        self.admitted.contains(&who) || (without_click && self.teacher_present() && !self.locked)
    }

    /// Admits those in the lobby who need no click.
    fn admit_waiting(&mut self, now: Timestamp) {
        let waiting: Vec<Uuid> = self
            .members
            .iter()
            .filter(|(_, member)| member.presence == Presence::Lobby)
            .map(|(who, _)| *who)
            .collect();
        for who in waiting {
            if self.may_enter(who) {
                self.admit(now, who, None);
            }
        }
    }

    /// Moves a person from the lobby into the room.
    pub(super) fn admit(&mut self, now: Timestamp, who: Uuid, by: Option<Uuid>) {
        self.outcasts.remove(&who);
        self.report(now, Fact::ParticipantAdmitted { participant: who, by });
        self.enter(now, who);
        let state = self.state_for(who);
        self.send(who, ServerMessage::Admitted(Box::new(state)));
    }

    fn enter(&mut self, now: Timestamp, who: Uuid) {
        self.admitted.insert(who);
        let member = self.members.get_mut(&who).expect("only members enter");
        member.presence = Presence::In;
        member.joined_at = now;
        let (role, connection) = (member.role, member.connection);
        self.report(now, Fact::ParticipantJoined { participant: who, role, connection });
        let participant = self.info(who);
        self.broadcast(Some(who), ServerMessage::Participant { op: ParticipantOp::Joined, participant });
        self.tell_lobby();
    }
}
