//! Opens the welcome ticket of every new student and teacher, exactly once.

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::support::{NewTicket, TicketCommand, welcome_ticket, welcome_ticket_id};
use domain::{AccountId, Command, Event, LogError, RecordedEvent};
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome, error_chain};
use serde_json::json;

use crate::handler_context::{DispatchResult, HandlerContext, into_outcome};

const NAME: &str = "welcome_ticket";
const KIND: &str = "open_welcome_ticket";

/// Schedules a ticket for each registration of a student or a teacher.
#[derive(Clone, Copy, Debug, Default)]
pub struct WelcomeTicket;

impl ProcessManager for WelcomeTicket {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Account::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, event: &RecordedEvent) -> Vec<Reaction> {
        let Event::Account(AccountEvent::AccountRegistered { role, .. }) = &event.event else {
            return Vec::new();
        };
        if role.is_staff() {
            return Vec::new();
        }
        vec![Reaction::Schedule(NewTask {
            kind: KIND,
            key: event.stream.aggregate_id.clone(),
            queue: None,
            due_at: None,
            payload: json!({}),
        })]
    }
}

/// Handles the tasks of [`WelcomeTicket`].
#[derive(Clone)]
pub struct WelcomeTicketHandler(pub HandlerContext);

#[async_trait]
impl TaskHandler for WelcomeTicketHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(self.open_ticket(task).await)
    }
}

impl WelcomeTicketHandler {
    async fn open_ticket(&self, task: &Task) -> Result<(), TaskOutcome> {
        let found = self.load_ticket(task).await.map_err(|error| {
            tracing::error!(task = %task.id, cause = error_chain(&error), "cannot read a registration");
            self.0.retry_later(task, "cannot read the registration")
        })?;
        // The person has been erased in the meantime, so no ticket is needed.
        let Some((account_id, ticket)) = found else { return Ok(()) };
        let open = vec![Command::Ticket(welcome_ticket_id(account_id), TicketCommand::OpenTicket(ticket))];
        match self.0.dispatch_all(task, NAME, open, (task.cause, "open")).await? {
            DispatchResult::Refused(refusal) if refusal.code != "ticket_already_opened" => {
                Err(TaskOutcome::Abandon { error: format!("refused: {}", refusal.code) })
            }
            DispatchResult::Committed | DispatchResult::Refused(_) => Ok(()),
        }
    }

    /// Loads the requester and the ticket from the event of the registration.
    async fn load_ticket(&self, task: &Task) -> Result<Option<(AccountId, NewTicket)>, LogError> {
        let sealed = self.0.log.read(task.cause_position.previous(), 1).await?;
        let registered = self.0.log.decode(&sealed).await?.into_iter().next();
        let Some(RecordedEvent { event: Event::Account(event), .. }) = registered else { return Ok(None) };
        let AccountEvent::AccountRegistered { role, name, .. } = event else { return Ok(None) };
        let account_id = name.subject();
        let ticket = name.known().and_then(|name| welcome_ticket(account_id, role, name.as_str()));
        Ok(ticket.map(|ticket| (account_id, ticket)))
    }
}
