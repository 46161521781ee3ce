//! Tickets: opened, assigned, answered, resolved and rated; some too late, some reopened.

use commands::BackfillError;
use domain::support::{Channel, NewTicket, Priority, SlaTarget, Status, Ticket, TicketCommand};
use domain::{Command, ReplyId, TicketId};
use jiff::{SignedDuration, Timestamp};

use super::{CommandActor, HistoryGenerator, Member};

const CATEGORIES: [&str; 8] =
    ["Техника", "Оплата", "Уроки", "Профиль", "Сайт", "Звонки", "Документы", "Прочее"];
const PRIORITIES: [Priority; 8] = [
    Priority::Low,
    Priority::Low,
    Priority::Medium,
    Priority::Medium,
    Priority::Medium,
    Priority::High,
    Priority::High,
    Priority::Urgent,
];
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// Time after which a ticket without an answer breaches its SLA target.
const LATE: SignedDuration = SignedDuration::from_hours(10);

impl HistoryGenerator {
    pub(super) fn add_ticket(&mut self, day: usize) -> Result<(), BackfillError> {
        let number = self.rng.below(self.students.len().max(1));
        let Some(requester) = self.students.get(number).copied() else { return Ok(()) };
        let agent = self.agents[self.rng.below(self.agents.len())];
        let at = self.instant_in(day);
        let id = TicketId(self.id(at));
        self.ticket(id, requester, agent, at)?;
        self.past.drop_stream::<Ticket>(id);
        Ok(())
    }

    /// The life of a ticket, at most until the end of the school; `false` if the end cut it off.
    fn ticket(
        &mut self,
        id: TicketId,
        requester: Member,
        agent: Member,
        opened: Timestamp,
    ) -> Result<bool, BackfillError> {
        let new = NewTicket {
            requester: requester.id,
            title: "Не открывается комната урока".to_owned(),
            description: "Урок не начался: страница показала пустую комнату, учителя в ней не было."
                .to_owned(),
            priority: PRIORITIES[self.rng.below(PRIORITIES.len())],
            category: CATEGORIES[self.rng.below(CATEGORIES.len())].to_owned(),
            tags: Vec::new(),
            channel: Channel::Web,
        };
        if !self.step(opened, requester.into(), id, TicketCommand::OpenTicket(new))? {
            return Ok(false);
        }
        let mut at = self.between(opened + MINUTE, opened + MINUTE * 60);
        if !self.step(at, agent.into(), id, TicketCommand::AssignTicket { agent: agent.id })? {
            return Ok(false);
        }
        let patience = if self.chance_of_one_in(12) { MINUTE * 2_000 } else { MINUTE * 300 };
        at = self.between(at + MINUTE, at + patience);
        if at > opened + LATE {
            let (target, due_at) = (SlaTarget::FirstResponse, opened + LATE);
            let breach = TicketCommand::RecordBreach { target, due_at, policy_version: 1 };
            self.step(due_at, CommandActor::System("sla"), id, breach)?;
        }
        if !self.replies(at, agent, requester, id)? {
            return Ok(false);
        }
        if self.chance_of_one_in(2) {
            let waiting = TicketCommand::ChangeStatus { to: Status::Waiting };
            self.step(at + MINUTE, agent.into(), id, waiting)?;
            at = self.between(at + MINUTE * 5, at + MINUTE * 1_500);
            if !self.replies(at, requester, requester, id)? {
                return Ok(false);
            }
            at = self.between(at + MINUTE * 5, at + MINUTE * 300);
            if !self.replies(at, agent, requester, id)? {
                return Ok(false);
            }
        }
        for last in [false, true] {
            let resolved = TicketCommand::ChangeStatus { to: Status::Resolved };
            at = self.between(at + MINUTE, at + MINUTE * 600);
            if !self.step(at, agent.into(), id, resolved)? {
                return Ok(false);
            }
            if last || !self.chance_of_one_in(12) {
                break;
            }
            at = self.between(at + MINUTE * 5, at + MINUTE * 900);
            if !self.replies(at, requester, requester, id)? {
                return Ok(false);
            }
        }
        if self.chance_of_one_in(2) {
            let (by, rating) = (requester.id, [5, 5, 5, 4, 4, 3, 2, 1][self.rng.below(8)]);
            at = self.between(at + MINUTE * 5, at + MINUTE * 1_440);
            let rate = TicketCommand::RateSatisfaction { by, rating, comment: None };
            return self.step(at, requester.into(), id, rate);
        }
        Ok(true)
    }

    fn replies(
        &mut self,
        at: Timestamp,
        author: Member,
        requester: Member,
        id: TicketId,
    ) -> Result<bool, BackfillError> {
        let (reply_id, by) = (ReplyId(self.id(at)), author.id);
        let reply = if author.id == requester.id {
            let body = "Обновил страницу, теперь комната открывается, но звука нет.".to_owned();
            TicketCommand::ReplyAsRequester { reply_id, by, body }
        } else {
            let body = "Здравствуйте! Проверили комнату, попробуйте, пожалуйста, ещё раз.".to_owned();
            TicketCommand::ReplyAsAgent { reply_id, by, body }
        };
        self.step(at, author.into(), id, reply)
    }

    fn step(
        &mut self,
        at: Timestamp,
        who: CommandActor,
        id: TicketId,
        command: TicketCommand,
    ) -> Result<bool, BackfillError> {
        self.record(at, who, vec![Command::Ticket(id, command)])
    }
}
