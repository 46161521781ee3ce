//! Tickets of random people: opened, answered, moved and merged by the real aggregate.

use cqrs_es::Aggregate;
use domain::support::{
    Candidate, Channel, Classification, NewTicket, Priority, Status, Ticket, TicketCommand, merge, unmerge,
    welcome_ticket, welcome_ticket_id,
};
use domain::{AccountId, Actor, Command, Decider, Event, NoteId, Personal, ReplyId, StreamId, TicketId};
use rand::Rng;
use rand::seq::IndexedRandom;
use uuid::Uuid;

use crate::history::History;

impl History {
    pub fn opens_welcome_ticket(&mut self, id: AccountId) {
        let Some(person) = self.person(id) else { return };
        let role = *person.roles.iter().next().unwrap();
        let name = person.profile.name.as_ref().and_then(Personal::known).unwrap().as_str().to_owned();
        let Some(ticket) = welcome_ticket(id, role, &name) else { return };
        self.does_at_desk(id, welcome_ticket_id(id), TicketCommand::OpenTicket(ticket));
    }

    /// Opens a ticket with this title.
    pub fn opens_ticket(&mut self, requester: AccountId, title: &str, priority: Priority) -> TicketId {
        let id = TicketId(Uuid::from_u128(self.random.random()));
        let ticket = NewTicket {
            requester,
            title: title.to_owned(),
            description: format!("Подробности: {title}"),
            priority,
            category: "Оплата".to_owned(),
            tags: vec!["оплата".to_owned()],
            channel: Channel::Agent,
        };
        self.does_at_desk(requester, id, TicketCommand::OpenTicket(ticket));
        id
    }

    pub fn replies(&mut self, by: AccountId, ticket: TicketId, body: &str) {
        let reply_id = ReplyId(Uuid::from_u128(self.random.random()));
        self.does_at_desk(by, ticket, TicketCommand::ReplyAsAgent { reply_id, by, body: body.to_owned() });
    }

    pub fn notes(&mut self, by: AccountId, ticket: TicketId, body: &str) {
        let note_id = NoteId(Uuid::from_u128(self.random.random()));
        self.does_at_desk(by, ticket, TicketCommand::AddNote { note_id, by, body: body.to_owned() });
    }

    /// Carries out a command on a ticket; a refused command has no effect.
    pub fn does_at_desk(&mut self, by: AccountId, id: TicketId, command: TicketCommand) {
        let ticket = self.tickets.entry(id).or_default();
        let Ok(events) = ticket.decide(&command, domain_now()) else { return };
        for event in events {
            self.tickets.get_mut(&id).unwrap().apply(event.clone());
            self.record(StreamId::of::<Ticket>(id), Actor::Account(by), Event::Ticket(event));
        }
    }

    /// Acts on a random ticket; no command writes in the ticket of an erased person.
    pub(crate) fn acts_on_ticket(&mut self, by: AccountId) {
        let mut live: Vec<(TicketId, AccountId)> = self
            .tickets
            .iter()
            .filter_map(|(id, ticket)| Some((*id, ticket.case()?.requester)))
            .filter(|(_, requester)| self.person(*requester).is_some())
            .collect();
        live.sort();
        let Some((id, requester)) =
            live.choose(&mut self.random).copied().filter(|_| self.random.random_bool(0.8))
        else {
            if self.person(by).is_some() {
                let title = format!("Тема {}", self.mark(by));
                self.opens_ticket(by, &title, Priority::High);
            }
            return;
        };
        let mark = self.mark(requester);
        match self.random.random_range(0..9) {
            0 => self.replies(requester, id, &format!("Вопрос {mark}")),
            1 => self.replies(by, id, &format!("Ответ {mark}")),
            2 => self.notes(by, id, &format!("Заметка {mark}")),
            3 | 4 => {
                let to = *Status::ALL.choose(&mut self.random).unwrap();
                self.does_at_desk(by, id, TicketCommand::ChangeStatus { to });
            }
            5 => {
                let candidates = vec![Candidate { agent: by, open_tickets: 0, last_assigned_at: None }];
                self.does_at_desk(by, id, TicketCommand::AssignByTurn { candidates });
            }
            6 => {
                let priority = Priority::ALL.choose(&mut self.random).copied();
                let tags = Some(vec![]);
                let classification = Classification { priority, category: None, tags };
                self.does_at_desk(by, id, TicketCommand::ClassifyTicket(classification));
            }
            7 => {
                let comment = Some(format!("Отзыв {mark}"));
                self.does_at_desk(
                    requester,
                    id,
                    TicketCommand::RateSatisfaction { by: requester, rating: 4, comment },
                );
            }
            _ => {
                live.retain(|(_, other)| *other == requester);
                let other = live.choose(&mut self.random).unwrap().0;
                let merged = self.tickets[&id].case().unwrap().merged_into;
                let commands =
                    merged.map_or_else(|| merge(id, requester, other), |from| Ok(unmerge(id, from)));
                self.together(by, commands.unwrap_or_default());
            }
        }
    }

    /// Carries out all commands or none.
    fn together(&mut self, by: AccountId, commands: Vec<Command>) {
        let halves: Vec<_> = commands
            .into_iter()
            .filter_map(|command| match command {
                Command::Ticket(id, command) => Some((id, command)),
                _ => None,
            })
            .collect();
        if halves.iter().all(|(id, command)| self.tickets[id].decide(command, domain_now()).is_ok()) {
            for (id, command) in halves {
                self.does_at_desk(by, id, command);
            }
        }
    }
}

/// Any instant; no ticket decides by the time.
fn domain_now() -> jiff::Timestamp {
    jiff::Timestamp::UNIX_EPOCH
}
