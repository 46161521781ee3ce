//! Fixtures: people of the support desk and an opened ticket.

use std::sync::Arc;

use cqrs_es::test::{AggregateTestExecutor, TestFramework};

use crate::support::*;
use crate::{AccountId, Clock, FixedClock, NoteId, Personal, RefusalError, ReplyId, Role, TicketId};

pub const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
pub const BORIS: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
/// Agents.
pub const OLGA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000009"));
pub const PETR: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-00000000000a"));

pub const ONE: TicketId = TicketId(uuid::uuid!("0198c0de-0000-7000-8000-0000000000e1"));
pub const TWO: TicketId = TicketId(uuid::uuid!("0198c0de-0000-7000-8000-0000000000e2"));

const REPLY: ReplyId = ReplyId(uuid::uuid!("0198c0de-0000-7000-8000-0000000000f1"));
const NOTE: NoteId = NoteId(uuid::uuid!("0198c0de-0000-7000-8000-0000000000f2"));

pub fn given(events: Vec<TicketEvent>) -> AggregateTestExecutor<Ticket> {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at("2026-11-23T09:00:00Z".parse().unwrap()));
    TestFramework::with(clock).given(events)
}

/// Returns the decision on a command after these events.
pub fn decided(events: &[TicketEvent], command: TicketCommand) -> Vec<TicketEvent> {
    given(events.to_vec()).when(command).inspect_result().unwrap()
}

/// Returns the code with which a command is refused after these events.
pub fn refused(events: &[TicketEvent], command: TicketCommand) -> &'static str {
    given(events.to_vec()).when(command).inspect_result().unwrap_err().refusal().code
}

pub fn ticket() -> NewTicket {
    welcome_ticket(ANNA, Role::Student, "Анна").unwrap()
}

pub fn opened(ticket: &NewTicket) -> TicketEvent {
    TicketEvent::TicketOpened {
        title: Personal::new(ANNA, ticket.title.clone()),
        description: Personal::new(ANNA, ticket.description.clone()),
        priority: ticket.priority,
        category: ticket.category.clone(),
        tags: ticket.tags.clone(),
        requester: ANNA,
        channel: ticket.channel,
    }
}

/// Returns the history of Anna's ticket with this status.
pub fn standing(status: Status) -> Vec<TicketEvent> {
    let mut events = vec![opened(&ticket())];
    if status != Status::Open {
        events.push(moved(Status::Open, status));
    }
    events
}

pub fn moved(from: Status, to: Status) -> TicketEvent {
    TicketEvent::StatusChanged { requester: ANNA, from, to, cause: StatusCause::Agent }
}

pub fn assigned(agent: AccountId, before: Option<AccountId>) -> TicketEvent {
    let by = AssignedBy::Manual;
    TicketEvent::TicketAssigned { requester: ANNA, agent, before, by, candidates: vec![] }
}

pub fn asks(body: &str) -> TicketCommand {
    TicketCommand::ReplyAsRequester { reply_id: REPLY, by: ANNA, body: body.to_owned() }
}

pub fn answers(body: &str) -> TicketCommand {
    TicketCommand::ReplyAsAgent { reply_id: REPLY, by: OLGA, body: body.to_owned() }
}

pub fn notes(body: &str) -> TicketCommand {
    TicketCommand::AddNote { note_id: NOTE, by: OLGA, body: body.to_owned() }
}

pub fn reply(author: AccountId, assignee: Option<AccountId>, body: &str) -> TicketEvent {
    let body = Personal::new(ANNA, body.to_owned());
    TicketEvent::ReplyAdded { requester: ANNA, reply_id: REPLY, author, assignee, body }
}

pub fn rates(rating: u8) -> TicketCommand {
    TicketCommand::RateSatisfaction { by: ANNA, rating, comment: None }
}

pub fn priority(to: Priority) -> TicketCommand {
    TicketCommand::ClassifyTicket(Classification { priority: Some(to), ..Classification::default() })
}

pub fn category(text: &str) -> TicketCommand {
    let category = Some(text.to_owned());
    TicketCommand::ClassifyTicket(Classification { category, ..Classification::default() })
}

pub fn tags(tags: &[&str]) -> TicketCommand {
    let tags = Some(tags.iter().map(|tag| (*tag).to_owned()).collect());
    TicketCommand::ClassifyTicket(Classification { tags, ..Classification::default() })
}
