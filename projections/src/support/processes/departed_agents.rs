//! Takes open tickets from agents who are suspended, erased, or no longer agents.

use std::time::Duration;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::support::TicketCommand;
use domain::{AccountId, Command, Event, RecordedEvent, Role};
use jiff::SignedDuration;
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome, wait_for};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use crate::handler_context::{DispatchResult, HandlerContext, into_outcome, parse_payload};
use crate::support::open_tickets_of_agent;

const NAME: &str = "departed_agents";
const KIND: &str = "unassign_tickets";
/// Longest wait for the read model.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// Pause before the second pass, which finds what was assigned during the first one.
const SECOND_PASS: SignedDuration = SignedDuration::from_mins(5);

/// Schedules two passes when a person may have ceased to be an agent.
#[derive(Clone, Copy, Debug, Default)]
pub struct DepartedAgents;

#[derive(Serialize, Deserialize)]
struct DepartedAgentTask {
    agent: AccountId,
}

impl ProcessManager for DepartedAgents {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Account::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let Event::Account(event) = &recorded.event else { return Vec::new() };
        let may_depart = match event {
            AccountEvent::AccountSuspended { .. } | AccountEvent::AccountErased { .. } => true,
            AccountEvent::RoleRevoked { role, .. } => role.is_staff(),
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::EmailVerified {}
            | AccountEvent::EmailChanged { .. }
            | AccountEvent::PhoneChanged { .. }
            | AccountEvent::LinkRequested { .. }
            | AccountEvent::DataCorrected { .. }
            | AccountEvent::ContactsRevealed { .. }
            | AccountEvent::ProfileUpdated { .. }
            | AccountEvent::AvatarChanged { .. }
            | AccountEvent::PasswordChanged {}
            | AccountEvent::RoleGranted { .. }
            | AccountEvent::AccountReinstated { .. }
            | AccountEvent::SignedIn { .. }
            | AccountEvent::SignedOut { .. }
            | AccountEvent::SessionRevoked { .. }
            | AccountEvent::SignInFailed { .. } => false,
        };
        let Some(agent) = recorded.stream.aggregate_id.parse().ok().filter(|_| may_depart) else {
            return Vec::new();
        };
        let pass = |number: u8, due_at| {
            let payload = serde_json::to_value(DepartedAgentTask { agent });
            Reaction::Schedule(NewTask {
                kind: KIND,
                key: format!("{agent}:{}:{number}", recorded.sequence),
                queue: None,
                due_at,
                payload: payload.expect("an id serializes to JSON"),
            })
        };
        vec![pass(1, None), pass(2, recorded.recorded_at.checked_add(SECOND_PASS).ok())]
    }
}

/// Handles the tasks of [`DepartedAgents`].
#[derive(Clone)]
pub struct DepartedAgentsHandler {
    pub context: HandlerContext,
    /// Database with the tickets of an agent.
    pub pool: PgPool,
}

#[async_trait]
impl TaskHandler for DepartedAgentsHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(self.unassign_tickets(task).await)
    }
}

impl DepartedAgentsHandler {
    async fn unassign_tickets(&self, task: &Task) -> Result<(), TaskOutcome> {
        let DepartedAgentTask { agent } = parse_payload(task)?;
        let account: Account = self.context.load_aggregate(task, agent).await?;
        let is_agent = account.person().is_some_and(|person| {
            !person.suspended && [Role::Support, Role::Admin].iter().any(|role| person.roles.contains(role))
        });
        if is_agent {
            return Ok(());
        }
        let behind = |_| self.context.retry_later(task, "the read model is behind");
        wait_for(&self.pool, None, "tickets", task.cause_position, WAIT_MAX).await.map_err(behind)?;
        let tickets = open_tickets_of_agent(&self.pool, agent).await.map_err(|error| {
            tracing::warn!(task = %task.id, %error, "cannot read the tickets of an agent");
            self.context.retry_later(task, "cannot read the tickets")
        })?;
        for ticket_id in tickets {
            let command = vec![Command::Ticket(ticket_id, TicketCommand::UnassignTicket)];
            let about = format!("unassign:{ticket_id}");
            // A refused ticket was closed in the meantime.
            match self.context.dispatch_all(task, NAME, command, (task.id, &about)).await? {
                DispatchResult::Committed | DispatchResult::Refused(_) => {}
            }
        }
        Ok(())
    }
}
