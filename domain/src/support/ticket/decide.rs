//! Decides commands to a ticket.

use jiff::Timestamp;

use super::assignment::next_assignee;
use super::commands::{Classification, NewTicket, TicketCommand};
use super::error::TicketError;
use super::events::{Candidate, TicketEvent};
use super::ticket::{Ticket, TicketState};
use super::validate::{checked_category, checked_tags};
use crate::accounts::Lines;
use crate::decider::{Decider, Decision};
use crate::field_problem::FieldProblem;
use crate::ids::{AccountId, NoteId, ReplyId, TicketId};
use crate::personal::Personal;
use crate::support::limits::{BODY_LIMIT, COMMENT_LIMIT, DESCRIPTION_LIMIT, TITLE_LIMIT};
use crate::support::validate::checked;
use crate::support::values::{AssignedBy, Channel, SlaTarget, Status, StatusCause};

impl Decider for Ticket {
    const SNAPSHOT_VERSION: i32 = 3;

    fn decide(&self, command: &TicketCommand, _now: Timestamp) -> Decision<Ticket> {
        match (self, command) {
            (Ticket::Unopened, TicketCommand::OpenTicket(ticket)) => open(ticket),
            (Ticket::Unopened, _) => Err(TicketError::NotFound),
            (Ticket::Opened(_), TicketCommand::OpenTicket(_)) => Err(TicketError::AlreadyOpened),
            (Ticket::Opened(case), command) => case.decide(command),
        }
    }
}

fn open(ticket: &NewTicket) -> Decision<Ticket> {
    if ticket.title.trim().is_empty() {
        return Err(TicketError::TitleMissing);
    }
    let mut problems = Vec::new();
    let mut text = |field, text: &str, max, lines| {
        checked(field, text, max, lines).map_err(|problem| problems.push(problem)).unwrap_or_default()
    };
    let title = text("title", &ticket.title, TITLE_LIMIT, Lines::Single);
    let description = text("description", &ticket.description, DESCRIPTION_LIMIT, Lines::Multi);
    let category = checked_category(&ticket.category);
    let category = category.map_err(|problem| problems.push(problem)).unwrap_or_default();
    if ticket.channel == Channel::Web && !ticket.tags.is_empty() {
        problems.push(FieldProblem::of("tags", "staff_only"));
    }
    let tags = match checked_tags(&ticket.tags) {
        Ok(tags) => tags,
        Err(found) => {
            problems.extend(found);
            Vec::new()
        }
    };
    if !problems.is_empty() {
        return Err(TicketError::InvalidFields(problems));
    }
    Ok(vec![TicketEvent::TicketOpened {
        title: Personal::new(ticket.requester, title),
        description: Personal::new(ticket.requester, description),
        priority: ticket.priority,
        category,
        tags,
        requester: ticket.requester,
        channel: ticket.channel,
    }])
}

impl TicketState {
    pub(super) fn decide(&self, command: &TicketCommand) -> Decision<Ticket> {
        match command {
            TicketCommand::OpenTicket(_) => Err(TicketError::AlreadyOpened),
            TicketCommand::AssignTicket { agent } => self.assign(*agent, AssignedBy::Manual, &[]),
            TicketCommand::AssignByTurn { candidates } => {
                let turn = next_assignee(candidates).ok_or(TicketError::NoAgent)?;
                self.assign(turn.agent, AssignedBy::RoundRobin, candidates)
            }
            TicketCommand::UnassignTicket => self.unassign(),
            TicketCommand::ClassifyTicket(classification) => self.classify(classification),
            TicketCommand::ReplyAsRequester { reply_id, by, body } => {
                self.only_requester(*by)?;
                self.reply(*reply_id, *by, body)
            }
            TicketCommand::ReplyAsAgent { reply_id, by, body } => self.reply(*reply_id, *by, body),
            TicketCommand::AddNote { note_id, by, body } => self.add_note(*note_id, *by, body),
            TicketCommand::ChangeStatus { to } => self.change_status(*to),
            TicketCommand::Merge { into } => self.merge(*into),
            TicketCommand::ReceiveDuplicate { duplicate, requester } => self.receive(*duplicate, *requester),
            TicketCommand::Unmerge { from } => self.unmerge(*from),
            TicketCommand::ReturnDuplicate { duplicate } => Ok(match self.duplicates.contains(duplicate) {
                true => {
                    vec![TicketEvent::DuplicateReturned { requester: self.requester, duplicate: *duplicate }]
                }
                false => vec![],
            }),
            TicketCommand::RecordBreach { target, due_at, policy_version } => {
                Ok(self.record_breach(*target, *due_at, *policy_version))
            }
            TicketCommand::RateSatisfaction { by, rating, comment } => {
                self.only_requester(*by)?;
                self.rate(*rating, comment.as_deref())
            }
        }
    }

    fn assign(&self, agent: AccountId, by: AssignedBy, candidates: &[Candidate]) -> Decision<Ticket> {
        self.not_closed()?;
        if self.assignee == Some(agent) {
            return Ok(vec![]);
        }
        Ok(vec![TicketEvent::TicketAssigned {
            requester: self.requester,
            agent,
            before: self.assignee,
            by,
            candidates: candidates.to_vec(),
        }])
    }

    fn unassign(&self) -> Decision<Ticket> {
        self.not_closed()?;
        let requester = self.requester;
        Ok(self
            .assignee
            .map(|agent| TicketEvent::TicketUnassigned { requester, agent })
            .into_iter()
            .collect())
    }

    /// Changes the classification. A closed ticket can change its category and tags, but not its priority.
    fn classify(&self, classification: &Classification) -> Decision<Ticket> {
        self.not_merged()?;
        let requester = self.requester;
        let Classification { priority, category, tags } = classification;
        let mut problems = Vec::new();
        let category = category.as_deref().map(checked_category);
        let category = category.transpose().map_err(|problem| problems.push(problem)).unwrap_or_default();
        let tags = tags.as_deref().map(checked_tags).transpose();
        let tags = tags.map_err(|found| problems.extend(found)).unwrap_or_default();
        if !problems.is_empty() {
            return Err(TicketError::InvalidFields(problems));
        }
        let from = self.priority;
        let priority = priority.filter(|to| *to != from);
        if priority.is_some() {
            self.not_closed()?;
        }
        let category = category.filter(|category| *category != self.category);
        let tags = tags.filter(|tags| *tags != self.tags);
        let priority = priority.map(|to| TicketEvent::PriorityChanged { requester, from, to });
        let category = category.map(|category| TicketEvent::CategoryChanged { requester, category });
        let tags = tags.map(|tags| TicketEvent::TagsChanged { requester, tags });
        Ok([priority, category, tags].into_iter().flatten().collect())
    }

    /// Adds a reply. A requester's reply gives the ticket a status in which agents work on it.
    fn reply(&self, reply_id: ReplyId, author: AccountId, body: &str) -> Decision<Ticket> {
        self.not_closed()?;
        let body = checked("body", body, BODY_LIMIT, Lines::Multi).map_err(invalid)?;
        let requester = self.requester;
        let body = Personal::new(requester, body);
        let reply = TicketEvent::ReplyAdded { requester, reply_id, author, assignee: self.assignee, body };
        let cause = StatusCause::Reply;
        let back = (author == requester).then_some(self.own_status).and_then(|from| match from {
            Status::Open | Status::InProgress | Status::Closed => None,
            Status::Waiting => {
                let to = if self.assignee.is_some() { Status::InProgress } else { Status::Open };
                Some(TicketEvent::StatusChanged { requester, from, to, cause })
            }
            Status::Resolved => Some(TicketEvent::TicketReopened { requester, from, cause }),
        });
        Ok([reply].into_iter().chain(back).collect())
    }

    /// Adds a note, also to a resolved or closed ticket, because agents may learn the cause later.
    fn add_note(&self, note_id: NoteId, author: AccountId, body: &str) -> Decision<Ticket> {
        let body = checked("body", body, BODY_LIMIT, Lines::Multi).map_err(invalid)?;
        let requester = self.requester;
        let body = Personal::new(requester, body);
        Ok(vec![TicketEvent::InternalNoteAdded { requester, note_id, author, body }])
    }

    fn change_status(&self, to: Status) -> Decision<Ticket> {
        self.not_merged()?;
        let (from, requester, cause) = (self.own_status, self.requester, StatusCause::Agent);
        if from == to {
            return Ok(vec![]);
        }
        if !from.next().contains(&to) {
            return Err(TicketError::StatusOutOfOrder { from, to });
        }
        Ok(vec![if from.is_over() && !to.is_over() {
            TicketEvent::TicketReopened { requester, from, cause }
        } else {
            TicketEvent::StatusChanged { requester, from, to, cause }
        }])
    }

    fn merge(&self, into: TicketId) -> Decision<Ticket> {
        match self.merged_into {
            Some(already) if already == into => Ok(vec![]),
            Some(into) => Err(TicketError::Merged { into }),
            None => Ok(vec![TicketEvent::TicketMerged {
                requester: self.requester,
                into,
                status: self.own_status,
            }]),
        }
    }

    /// Receives a duplicate. A merged ticket receives none, so that merges cannot form a circle. A ticket of
    /// another requester is no duplicate: that person could neither read nor write it any longer.
    fn receive(&self, duplicate: TicketId, requester: AccountId) -> Decision<Ticket> {
        self.not_merged()?;
        if requester != self.requester {
            return Err(TicketError::OtherRequester);
        }
        if self.duplicates.contains(&duplicate) {
            return Ok(vec![]);
        }
        Ok(vec![TicketEvent::DuplicateReceived { requester: self.requester, duplicate }])
    }

    fn unmerge(&self, from: TicketId) -> Decision<Ticket> {
        if self.merged_into != Some(from) {
            return Err(TicketError::NotMerged);
        }
        Ok(vec![TicketEvent::TicketUnmerged { requester: self.requester, from, status: self.own_status }])
    }

    fn record_breach(&self, target: SlaTarget, due_at: Timestamp, policy_version: u16) -> Vec<TicketEvent> {
        if self.breached.contains(&target) {
            return vec![];
        }
        vec![TicketEvent::breached(target, self.requester, due_at, policy_version)]
    }

    /// Rates the ticket once for each resolution. An equal rating changes nothing, because a person may open
    /// the link twice.
    fn rate(&self, rating: u8, comment: Option<&str>) -> Decision<Ticket> {
        self.not_merged()?;
        if !(1..=5).contains(&rating) {
            return Err(invalid(FieldProblem::of("rating", "out_of_range")));
        }
        let comment = comment.filter(|text| !text.trim().is_empty());
        let comment = comment.map(|text| checked("comment", text, COMMENT_LIMIT, Lines::Multi)).transpose();
        let comment = comment.map_err(invalid)?;
        if !self.own_status.is_over() {
            return Err(TicketError::NotResolved { status: self.own_status });
        }
        match self.rating {
            Some(before) if before == rating && comment.is_none() => Ok(vec![]),
            Some(_) => Err(TicketError::AlreadyRated),
            None => Ok(vec![TicketEvent::SatisfactionRated {
                requester: self.requester,
                rating,
                comment: comment.map(|text| Personal::new(self.requester, text)),
                agent: self.assignee,
            }]),
        }
    }

    /// Checks that `by` is the requester. Other people do not learn that the ticket exists.
    fn only_requester(&self, by: AccountId) -> Result<(), TicketError> {
        if self.requester == by { Ok(()) } else { Err(TicketError::NotFound) }
    }

    fn not_merged(&self) -> Result<(), TicketError> {
        self.merged_into.map_or(Ok(()), |into| Err(TicketError::Merged { into }))
    }

    fn not_closed(&self) -> Result<(), TicketError> {
        self.not_merged()?;
        if self.own_status == Status::Closed { Err(TicketError::Closed) } else { Ok(()) }
    }
}

fn invalid(problem: FieldProblem) -> TicketError {
    TicketError::InvalidFields(vec![problem])
}
