//! Decides a move of the lesson: one party proposes a time, the other accepts.

use jiff::Timestamp;

use super::super::error::SlotError;
use super::super::events::SlotEvent;
use super::super::slot::{Lesson, Proposal, Slot};
use super::super::validate::{refuse_invalid, time_problems};
use crate::decider::Decision;
use crate::field_problem::FieldProblem;
use crate::ids::{AccountId, ProposalId};
use crate::scheduling::limits::{PROPOSAL, PROPOSAL_BEFORE};
use crate::scheduling::terms::{Party, Period};

impl Lesson {
    /// Proposes another time. A student may propose only if no other student is booked.
    pub(super) fn propose(
        &self,
        proposal_id: ProposalId,
        by: AccountId,
        starts_at: Timestamp,
        now: Timestamp,
    ) -> Decision<Slot> {
        let party = self.party_of(by).ok_or(SlotError::NotFound)?;
        if self.seats_taken() == 0 {
            return Err(SlotError::BookingNotFound);
        }
        self.check_upcoming(now)?;
        if party == Party::Student && self.seats_taken() > 1 {
            return Err(SlotError::NotAlone);
        }
        if let Some(open) = self.proposal.as_ref().filter(|open| open.expires_at > now) {
            let same = open.proposal_id == proposal_id && open.proposer == by;
            return if same { Ok(vec![]) } else { Err(SlotError::AlreadyProposed) };
        }
        let to = self.moved_to(starts_at, now)?;
        let latest = self.period.starts_at.min(starts_at) - PROPOSAL_BEFORE;
        let expires_at = (now + PROPOSAL).min(latest);
        if expires_at <= now {
            return Err(SlotError::ProposalExpired);
        }
        let mut events: Vec<_> = self.proposal_ended().into_iter().collect();
        events.push(SlotEvent::RescheduleProposed {
            proposal_id,
            by: party,
            proposer: by,
            starts_at,
            ends_at: to.ends_at,
            expires_at,
        });
        Ok(events)
    }

    /// Accepts a proposal; the lesson moves after the last acceptance.
    pub(super) fn accept(&self, by: AccountId, now: Timestamp) -> Decision<Slot> {
        let proposal = self.parties_to_answer(by, now)?;
        if proposal.accepted.contains(&by) {
            return Ok(vec![]);
        }
        let mut events = vec![SlotEvent::RescheduleAccepted { proposal_id: proposal.proposal_id, by }];
        let all = self.asked(proposal).all(|person| person == by || proposal.accepted.contains(&person));
        if all {
            events.extend(self.expired_hold_events(now));
            events.extend(self.end_own_holds(now));
            let people = std::iter::once(self.teacher).chain(self.seated().map(|booking| booking.student));
            events.push(SlotEvent::LessonMoved {
                from: self.period,
                to: proposal.to,
                people: people.collect(),
            });
        }
        Ok(events)
    }

    /// Declines a proposal; one decline ends it.
    pub(super) fn decline(&self, by: AccountId, now: Timestamp) -> Decision<Slot> {
        let proposal_id = self.parties_to_answer(by, now)?.proposal_id;
        Ok(vec![SlotEvent::RescheduleDeclined { proposal_id, by }])
    }

    pub(super) fn expire_proposal(&self, proposal_id: ProposalId, now: Timestamp) -> Decision<Slot> {
        match self.proposal.as_ref().filter(|open| open.proposal_id == proposal_id) {
            None => Ok(vec![]),
            Some(open) if open.expires_at > now => Err(SlotError::TooEarly),
            Some(_) => Ok(self.proposal_ended().into_iter().collect()),
        }
    }

    /// Returns the event that ends an open proposal, at any time.
    pub(super) fn proposal_ended(&self) -> Option<SlotEvent> {
        let proposal_id = self.proposal.as_ref()?.proposal_id;
        Some(SlotEvent::RescheduleExpired { proposal_id })
    }

    /// Returns the event that ends an open proposal when a student leaves: it was theirs, or all others have
    /// accepted. (The move could be refused; the cancellation must not be.)
    pub(super) fn proposal_ended_without(&self, student: AccountId) -> Option<SlotEvent> {
        let open = self.proposal.as_ref()?;
        let is_awaited = |person: AccountId| person != student && !open.accepted.contains(&person);
        let is_over = open.proposer == student || !self.asked(open).any(is_awaited);
        if is_over { self.proposal_ended() } else { None }
    }

    /// Returns the proposal that this person may answer.
    fn parties_to_answer(&self, by: AccountId, now: Timestamp) -> Result<&Proposal, SlotError> {
        self.party_of(by).ok_or(SlotError::NotFound)?;
        let open = self.proposal.as_ref().ok_or(SlotError::ProposalNotFound)?;
        if open.proposer == by {
            return Err(SlotError::OwnProposal);
        }
        if open.expires_at <= now {
            return Err(SlotError::ProposalExpired);
        }
        Ok(open)
    }

    /// Returns all participants except the proposer.
    fn asked(&self, proposal: &Proposal) -> impl Iterator<Item = AccountId> {
        let proposer = proposal.proposer;
        std::iter::once(self.teacher)
            .chain(self.seated().map(|booking| booking.student))
            .filter(move |person| *person != proposer)
    }

    /// Returns the period of the lesson with another start.
    fn moved_to(&self, starts_at: Timestamp, now: Timestamp) -> Result<Period, SlotError> {
        let invalid = |code| SlotError::InvalidFields(vec![FieldProblem::of("starts_at", code)]);
        let minutes = u16::try_from(self.period.minutes()).unwrap_or(u16::MAX);
        let to = Period::of_minutes(starts_at, minutes).ok_or_else(|| invalid("too_far"))?;
        if starts_at <= now {
            return Err(SlotError::InPast);
        }
        if to == self.period {
            return Err(invalid("unchanged"));
        }
        refuse_invalid(time_problems(to, now))?;
        Ok(to)
    }
}
