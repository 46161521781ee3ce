//! A support ticket.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::{NewTicket, TicketCommand};
use super::error::TicketError;
use super::events::TicketEvent;
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::AccountId;
use crate::personal::Personal;

/// A ticket: not there yet, or opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Ticket {
    #[default]
    Unopened,
    Open {
        requester: AccountId,
    },
}

impl Decider for Ticket {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &TicketCommand, _now: Timestamp) -> Result<Vec<TicketEvent>, TicketError> {
        match (self, command) {
            (Ticket::Unopened, TicketCommand::OpenTicket(ticket)) => open(ticket),
            (Ticket::Open { .. }, TicketCommand::OpenTicket(_)) => Err(TicketError::AlreadyOpened),
        }
    }
}

fn open(ticket: &NewTicket) -> Result<Vec<TicketEvent>, TicketError> {
    if ticket.title.trim().is_empty() {
        return Err(TicketError::TitleMissing);
    }
    Ok(vec![TicketEvent::TicketOpened {
        title: Personal::new(ticket.requester, ticket.title.clone()),
        description: Personal::new(ticket.requester, ticket.description.clone()),
        priority: ticket.priority,
        category: ticket.category.clone(),
        tags: ticket.tags.clone(),
        requester: ticket.requester,
        channel: ticket.channel,
    }])
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
        match event {
            TicketEvent::TicketOpened { requester, .. } => *self = Ticket::Open { requester },
        }
    }
}
