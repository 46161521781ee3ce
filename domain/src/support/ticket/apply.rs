//! Applies events to a ticket; cannot fail and holds no rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::commands::TicketCommand;
use super::error::TicketError;
use super::events::TicketEvent;
use super::ticket::{Ticket, TicketState};
use crate::clock::Clock;
use crate::decider::Decider;
use crate::support::values::{SlaTarget, Status};

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
                *self = Ticket::Opened(Box::new(TicketState {
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
            (Ticket::Opened(case), event) => case.apply(event),
            (Ticket::Unopened, _) => {}
        }
    }
}

impl TicketState {
    fn apply(&mut self, event: TicketEvent) {
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
