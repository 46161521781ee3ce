//! Opens the welcome ticket of every new student and teacher, exactly once.

use std::sync::Arc;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::support::{NewTicket, TicketCommand, welcome_ticket, welcome_ticket_id};
use domain::{
    AccountId, Clock, Command, Context, Dispatch, DispatchError, Event, EventLog, LogError, Recorded,
};
use jiff::SignedDuration;
use serde_json::json;

use crate::process::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
use crate::stream::chain;

const NAME: &str = "welcome_ticket";
const KIND: &str = "open_welcome_ticket";
/// How long to wait when our own side is in trouble, per attempt and at most.
const PAUSE_SECONDS: i64 = 2;
const LONGEST_PAUSE_SECONDS: i64 = 60;

/// Asks for a ticket when someone registers as a student or a teacher.
#[derive(Clone, Copy, Debug, Default)]
pub struct WelcomeTicket;

impl Process for WelcomeTicket {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Account::TYPE
    }

    fn react(&self, event: &Recorded) -> Vec<Reaction> {
        let Event::Account(AccountEvent::AccountRegistered { role, .. }) = &event.event else {
            return Vec::new();
        };
        if role.is_staff() {
            return Vec::new();
        }
        vec![Reaction::Do(NewTask {
            kind: KIND,
            key: event.stream.aggregate_id.clone(),
            lane: None,
            due_at: None,
            payload: json!({}),
        })]
    }
}

/// Does the tasks of [`WelcomeTicket`].
#[derive(Clone)]
pub struct WelcomeTicketHandler {
    pub log: Arc<dyn EventLog>,
    pub dispatch: Arc<dyn Dispatch>,
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl TaskHandler for WelcomeTicketHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> Outcome {
        let (account_id, ticket) = match self.ticket(task).await {
            Ok(Some(found)) => found,
            // The person was erased meanwhile: nobody is to be welcomed.
            Ok(None) => return Outcome::Done,
            Err(error) => {
                tracing::error!(task = %task.id, cause = chain(&error), "a registration can not be read");
                return self.later(task, "the registration can not be read");
            }
        };
        let command = Command::Ticket(welcome_ticket_id(account_id), TicketCommand::OpenTicket(ticket));
        let context = Context::of_process(NAME, task.cause, task.correlation_id, "open");
        match self.dispatch.dispatch(command, context).await {
            Ok(_) => Outcome::Done,
            Err(DispatchError::Refused(refusal)) if refusal.code == "ticket_already_opened" => Outcome::Done,
            Err(DispatchError::Refused(refusal)) => {
                Outcome::Abandon { error: format!("refused: {}", refusal.code) }
            }
            Err(error) => {
                tracing::error!(task = %task.id, cause = chain(&error), "a welcome ticket could not be opened");
                self.later(task, "the command was not committed")
            }
        }
    }
}

impl WelcomeTicketHandler {
    /// The ticket as the registration asks for it, read from that very event.
    async fn ticket(&self, task: &Task) -> Result<Option<(AccountId, NewTicket)>, LogError> {
        let sealed = self.log.read(task.cause_position.saturating_sub(1), 1).await?;
        let registered = self.log.open(&sealed).await?.into_iter().next();
        let Some(Recorded { event: Event::Account(event), .. }) = registered else { return Ok(None) };
        let AccountEvent::AccountRegistered { role, name, .. } = event else { return Ok(None) };
        let account_id = name.subject();
        let ticket = name.known().and_then(|name| welcome_ticket(account_id, role, name.as_str()));
        Ok(ticket.map(|ticket| (account_id, ticket)))
    }

    fn later(&self, task: &Task, error: &str) -> Outcome {
        let seconds = (PAUSE_SECONDS * i64::from(task.attempt)).min(LONGEST_PAUSE_SECONDS);
        Outcome::RetryAt {
            at: self.clock.now() + SignedDuration::from_secs(seconds),
            error: error.to_owned(),
            // The command's id makes a repetition harmless.
            outcome_unknown: true,
        }
    }
}
