//! The SLA clock of one ticket: the business time used, the due times and the missed targets.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::policy::SlaPolicy;
use crate::support::ticket::TicketEvent;
use crate::support::values::{Priority, SlaTarget, Status};

/// SLA clock of a ticket. It runs while the ticket is open or in progress. It stops while the ticket waits
/// for the requester, is resolved or closed, or is merged. It measures both targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaClock {
    pub policy_version: u16,
    priority: Priority,
    status: Status,
    merged: bool,
    /// Business time until `since`.
    used_seconds: i64,
    /// Instant of the last applied event.
    since: Timestamp,
    first_response_at: Option<Timestamp>,
    /// Instants at which targets were missed.
    missed: BTreeMap<SlaTarget, Timestamp>,
}

impl SlaClock {
    /// Starts the clock at the opening of a ticket; `None` for other events and for tickets without an SLA.
    pub fn start(event: &TicketEvent, at: Timestamp, policies: &[SlaPolicy]) -> Option<Self> {
        let TicketEvent::TicketOpened { priority, channel, .. } = event else { return None };
        if !SlaPolicy::covers(*channel) {
            return None;
        }
        Some(Self {
            policy_version: SlaPolicy::in_force(policies, at)?.version,
            priority: *priority,
            status: Status::Open,
            merged: false,
            used_seconds: 0,
            since: at,
            first_response_at: None,
            missed: BTreeMap::new(),
        })
    }

    /// Applies a later event of the ticket.
    pub fn take(&mut self, event: &TicketEvent, at: Timestamp, policies: &[SlaPolicy]) {
        if !Self::concerns(event) {
            return;
        }
        self.note_missed(at, policies);
        if let Some(policy) = self.policy(policies).filter(|_| self.is_running()) {
            self.used_seconds += policy.calendar.between(self.since, at).as_secs();
        }
        self.since = at;
        match event {
            TicketEvent::PriorityChanged { to, .. } => self.priority = *to,
            TicketEvent::StatusChanged { to, .. } => self.status = *to,
            TicketEvent::TicketReopened { .. } => self.status = Status::Open,
            TicketEvent::TicketMerged { .. } => self.merged = true,
            TicketEvent::TicketUnmerged { .. } => self.merged = false,
            TicketEvent::ReplyAdded { author, requester, .. } => {
                if author != requester && self.first_response_at.is_none() {
                    self.first_response_at = Some(at);
                }
            }
            TicketEvent::TicketOpened { .. }
            | TicketEvent::TicketAssigned { .. }
            | TicketEvent::TicketUnassigned { .. }
            | TicketEvent::CategoryChanged { .. }
            | TicketEvent::TagsChanged { .. }
            | TicketEvent::InternalNoteAdded { .. }
            | TicketEvent::DuplicateReceived { .. }
            | TicketEvent::DuplicateReturned { .. }
            | TicketEvent::FirstResponseBreached { .. }
            | TicketEvent::ResolutionBreached { .. }
            | TicketEvent::SatisfactionRated { .. } => {}
        }
    }

    /// Returns whether an event can change a due time.
    pub fn concerns(event: &TicketEvent) -> bool {
        match event {
            TicketEvent::PriorityChanged { .. }
            | TicketEvent::StatusChanged { .. }
            | TicketEvent::TicketReopened { .. }
            | TicketEvent::TicketMerged { .. }
            | TicketEvent::TicketUnmerged { .. } => true,
            TicketEvent::ReplyAdded { author, requester, .. } => author != requester,
            TicketEvent::TicketOpened { .. }
            | TicketEvent::TicketAssigned { .. }
            | TicketEvent::TicketUnassigned { .. }
            | TicketEvent::CategoryChanged { .. }
            | TicketEvent::TagsChanged { .. }
            | TicketEvent::InternalNoteAdded { .. }
            | TicketEvent::DuplicateReceived { .. }
            | TicketEvent::DuplicateReturned { .. }
            | TicketEvent::FirstResponseBreached { .. }
            | TicketEvent::ResolutionBreached { .. }
            | TicketEvent::SatisfactionRated { .. } => false,
        }
    }

    /// Returns the due time of a target if nothing else happens. Returns `None` if the target is met or
    /// missed, or the clock does not run. A target whose priority is raised too late is due at that instant.
    pub fn due_at(&self, target: SlaTarget, policies: &[SlaPolicy]) -> Option<Timestamp> {
        let is_met = target == SlaTarget::FirstResponse && self.first_response_at.is_some();
        if is_met || self.missed.contains_key(&target) || !self.is_running() {
            return None;
        }
        let policy = self.policy(policies)?;
        let left = policy.target(self.priority, target) - SignedDuration::from_secs(self.used_seconds);
        policy.calendar.add(self.since, left)
    }

    /// Returns the instant at which a target was missed, as seen at `now`. The due instant itself is in time.
    pub fn missed_at(&self, target: SlaTarget, now: Timestamp, policies: &[SlaPolicy]) -> Option<Timestamp> {
        let due = || self.due_at(target, policies).filter(|due| *due < now);
        self.missed.get(&target).copied().or_else(due)
    }

    /// Returns the instant of the first response.
    pub fn first_response_at(&self) -> Option<Timestamp> {
        self.first_response_at
    }

    /// Returns whether the clock runs.
    pub fn is_running(&self) -> bool {
        match self.status {
            Status::Open | Status::InProgress => !self.merged,
            Status::Waiting | Status::Resolved | Status::Closed => false,
        }
    }

    /// Returns the business time used by `now`.
    pub fn used(&self, now: Timestamp, policies: &[SlaPolicy]) -> SignedDuration {
        let used = SignedDuration::from_secs(self.used_seconds);
        match self.policy(policies).filter(|_| self.is_running()) {
            Some(policy) => used + policy.calendar.between(self.since, now),
            None => used,
        }
    }

    fn note_missed(&mut self, at: Timestamp, policies: &[SlaPolicy]) {
        for target in SlaTarget::ALL.iter().copied() {
            if let Some(missed) = self.missed_at(target, at, policies) {
                self.missed.insert(target, missed);
            }
        }
    }

    fn policy<'a>(&self, policies: &'a [SlaPolicy]) -> Option<&'a SlaPolicy> {
        policies.iter().find(|policy| policy.version == self.policy_version)
    }
}
