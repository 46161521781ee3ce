//! A support ticket.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::{NewTicket, TicketCommand};
use super::error::TicketError;
use super::events::TicketEvent;
use crate::accounts::bounded_text;
use crate::clock::Clock;
use crate::decider::Decider;
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::personal::Personal;

/// Longest texts, in characters, and the longest list of tags.
const TITLE_LIMIT: usize = 200;
const DESCRIPTION_LIMIT: usize = 10_000;
const CATEGORY_LIMIT: usize = 100;
const TAG_LIMIT: usize = 50;
const TAGS_LIMIT: usize = 20;

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
    check_texts(ticket)?;
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

/// Checks the lengths and the characters of every text, and reports all that are wrong.
fn check_texts(ticket: &NewTicket) -> Result<(), TicketError> {
    let mut problems = Vec::new();
    for (field, text, max, multiline) in [
        ("title", &ticket.title, TITLE_LIMIT, false),
        ("description", &ticket.description, DESCRIPTION_LIMIT, true),
        ("category", &ticket.category, CATEGORY_LIMIT, false),
    ] {
        problems.extend(bounded_text(text, max, multiline).err().map(|e| FieldProblem::of(field, e.code())));
    }
    if ticket.tags.len() > TAGS_LIMIT {
        problems.push(FieldProblem::of("tags", "too_many"));
    }
    for (i, tag) in ticket.tags.iter().enumerate().take(TAGS_LIMIT) {
        let error = bounded_text(tag, TAG_LIMIT, false).err();
        problems.extend(error.map(|error| FieldProblem::inside("tags", i, error.code())));
        if ticket.tags[..i].contains(tag) {
            problems.push(FieldProblem::inside("tags", i, "duplicate"));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(TicketError::InvalidFields(problems)) }
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
