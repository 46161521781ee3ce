//! A support ticket as it stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::TicketCommand;
use super::error::TicketError;
use super::events::TicketEvent;
use super::values::{Channel, Priority, SlaTarget, Status};
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::{AccountId, TicketId};

/// A ticket: not there yet, or opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Ticket {
    #[default]
    Unopened,
    Opened(Box<Case>),
}

/// A ticket that was opened. What was written in it is in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub requester: AccountId,
    pub channel: Channel,
    /// Its own; a ticket that was merged counts as closed, see [`Case::status`].
    pub own_status: Status,
    pub priority: Priority,
    pub category: String,
    pub tags: Vec<String>,
    pub assignee: Option<AccountId>,
    /// Whether an agent has replied.
    pub answered: bool,
    pub merged_into: Option<TicketId>,
    pub duplicates: BTreeSet<TicketId>,
    /// What was missed; each is said once in a ticket's life.
    pub breached: BTreeSet<SlaTarget>,
    /// Since it was last resolved.
    pub rating: Option<u8>,
}

impl Ticket {
    /// What was opened, if it was.
    pub fn case(&self) -> Option<&Case> {
        match self {
            Ticket::Unopened => None,
            Ticket::Opened(case) => Some(case),
        }
    }
}

impl Case {
    /// Where the ticket stands, as people see it.
    pub fn status(&self) -> Status {
        if self.merged_into.is_some() { Status::Closed } else { self.own_status }
    }

    fn take(&mut self, event: TicketEvent) {
        match event {
            TicketEvent::TicketOpened { .. } | TicketEvent::InternalNoteAdded { .. } => {}
            TicketEvent::TicketAssigned { agent, .. } => self.assignee = Some(agent),
            TicketEvent::TicketUnassigned { .. } => self.assignee = None,
            TicketEvent::PriorityChanged { to, .. } => self.priority = to,
            TicketEvent::CategoryChanged { category, .. } => self.category = category,
            TicketEvent::TagsChanged { tags, .. } => self.tags = tags,
            TicketEvent::ReplyAdded { author, requester, .. } => self.answered |= author != requester,
            TicketEvent::StatusChanged { to, .. } => self.own_status = to,
            TicketEvent::TicketReopened { .. } => {
                self.own_status = Status::Open;
                self.rating = None;
            }
            TicketEvent::TicketMerged { into, .. } => self.merged_into = Some(into),
            TicketEvent::TicketUnmerged { .. } => self.merged_into = None,
            TicketEvent::DuplicateReceived { duplicate, .. } => {
                self.duplicates.insert(duplicate);
            }
            TicketEvent::DuplicateReturned { duplicate, .. } => {
                self.duplicates.remove(&duplicate);
            }
            TicketEvent::FirstResponseBreached { .. } => {
                self.breached.insert(SlaTarget::FirstResponse);
            }
            TicketEvent::ResolutionBreached { .. } => {
                self.breached.insert(SlaTarget::Resolution);
            }
            TicketEvent::SatisfactionRated { rating, .. } => self.rating = Some(rating),
        }
    }
}

impl Decider for Ticket {
    const SNAPSHOT_VERSION: i32 = 2;

    fn decide(&self, command: &TicketCommand, _now: Timestamp) -> Result<Vec<TicketEvent>, TicketError> {
        match (self, command) {
            (Ticket::Unopened, TicketCommand::OpenTicket(ticket)) => super::opening::open(ticket),
            (Ticket::Unopened, _) => Err(TicketError::NotFound),
            (Ticket::Opened(_), TicketCommand::OpenTicket(_)) => Err(TicketError::AlreadyOpened),
            (Ticket::Opened(case), command) => case.decide(command),
        }
    }
}

impl Aggregate for Ticket {
    const TYPE: &'static str = "Ticket";
    type Command = TicketCommand;
    type Event = TicketEvent;
    type Error = TicketError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: TicketCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), TicketError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: TicketEvent) {
        match (&mut *self, event) {
            (_, TicketEvent::TicketOpened { priority, category, tags, requester, channel, .. }) => {
                *self = Ticket::Opened(Box::new(Case {
                    requester,
                    channel,
                    own_status: Status::Open,
                    priority,
                    category,
                    tags,
                    assignee: None,
                    answered: false,
                    merged_into: None,
                    duplicates: BTreeSet::new(),
                    breached: BTreeSet::new(),
                    rating: None,
                }));
            }
            (Ticket::Opened(case), event) => case.take(event),
            (Ticket::Unopened, _) => {}
        }
    }
}
