//! State of a room that outlives its node. It is in the room's record and goes to the next node.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::leaving::seconds_between;
use super::{Effect, Outcast, Room, Rules};
use crate::protocol::Presence;
use crate::report::{CloseCause, Fact, LeaveCause, Report};

/// One stay that has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    pub connection: Uuid,
    pub joined_at: Timestamp,
    /// Set while the connection is lost: the stay ends there unless it resumes.
    pub lost_at: Option<Timestamp>,
}

/// The decisions of the teacher and the stays that have not ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carry {
    pub locked: bool,
    pub ended: bool,
    pub needs_admission: BTreeSet<Uuid>,
    pub banned: BTreeSet<Uuid>,
    pub admitted: BTreeSet<Uuid>,
    pub stays: BTreeMap<Uuid, Stay>,
    /// How many reports the session has published.
    pub reports: u64,
}

impl Room {
    /// Returns what the next node must know.
    pub fn carry(&self) -> Carry {
        let cast = |kind| {
            self.outcasts.iter().filter(move |(_, cast)| **cast == kind).map(|(who, _)| *who).collect()
        };
        let inside = self.members.iter().filter(|(_, member)| member.presence == Presence::In);
        Carry {
            locked: self.locked,
            ended: self.ended,
            needs_admission: cast(Outcast::NeedsAdmission),
            banned: cast(Outcast::Banned),
            admitted: self.admitted.clone(),
            stays: inside
                .map(|(who, member)| {
                    let stay = Stay {
                        connection: member.connection,
                        joined_at: member.joined_at,
                        lost_at: member.lost_at,
                    };
                    (*who, stay)
                })
                .collect(),
            reports: self.reports,
        }
    }

    /// Creates a room that goes on with the decisions of an earlier session.
    pub fn restore(lesson: Uuid, session: Uuid, rules: Rules, carry: &Carry) -> Self {
        let mut room = Self::new(lesson, session, rules);
        room.locked = carry.locked;
        room.ended = carry.ended;
        room.admitted.clone_from(&carry.admitted);
        let waits = carry.needs_admission.iter().map(|who| (*who, Outcast::NeedsAdmission));
        let banned = carry.banned.iter().map(|who| (*who, Outcast::Banned));
        room.outcasts = waits.chain(banned).collect();
        room
    }

    /// Reports that the room was opened on a node.
    pub fn opened(&mut self, now: Timestamp, node: &str) -> Vec<Effect> {
        self.report(now, Fact::RoomOpened { node: node.to_owned() });
        self.settle()
    }
}

/// Returns the reports that a dead session still owes: its stays end at its last sign of life.
///
/// Their ids depend on the session and the connection only, so that two nodes report the same.
pub fn last_words(lesson: Uuid, session: Uuid, carry: &Carry, alive_at: Timestamp) -> Vec<Report> {
    let mut number = carry.reports;
    let mut report = |at: Timestamp, name: String, fact: Fact| {
        number += 1;
        Report { id: Uuid::new_v5(&session, name.as_bytes()), lesson, session, number, at, fact }
    };
    let mut reports = Vec::new();
    for (participant, stay) in &carry.stays {
        let until = stay.lost_at.unwrap_or(alive_at);
        let fact = Fact::ParticipantLeft {
            participant: *participant,
            connection: stay.connection,
            cause: LeaveCause::NodeLost,
            seconds: seconds_between(stay.joined_at, until),
        };
        reports.push(report(until, format!("last/{}", stay.connection), fact));
    }
    if !carry.ended {
        reports.push(report(alive_at, "last".to_owned(), Fact::RoomClosed { cause: CloseCause::NodeLost }));
    }
    reports
}
