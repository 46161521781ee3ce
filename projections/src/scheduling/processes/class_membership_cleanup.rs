//! Cleanup of classes after erasure: removes the student from classes, closes the classes of the teacher.

use std::time::Duration;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{ClassCommand, Initiator};
use domain::{AccountId, ClassId, Command, Event, RecordedEvent};
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome, wait_for};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use crate::handler_context::{DispatchResult, HandlerContext, into_outcome, parse_payload};
use crate::scheduling::{classes_of_student, classes_of_teacher};

const NAME: &str = "class_departures";
const KIND: &str = "leave_classes";
/// Longest wait for the read model of classes before a retry.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Process manager that schedules the cleanup after an account is erased.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassMembershipCleanup;

#[derive(Serialize, Deserialize)]
struct ClassMembershipCleanupTask {
    account_id: AccountId,
}

impl ProcessManager for ClassMembershipCleanup {
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
        let Event::Account(AccountEvent::AccountErased { account_id, .. }) = &recorded.event else {
            return Vec::new();
        };
        vec![Reaction::Schedule(NewTask {
            kind: KIND,
            key: account_id.to_string(),
            queue: None,
            due_at: None,
            payload: serde_json::to_value(ClassMembershipCleanupTask { account_id: *account_id })
                .expect("an id always serialises to JSON"),
        })]
    }
}

/// Task handler of [`ClassMembershipCleanup`].
#[derive(Clone)]
pub struct ClassMembershipCleanupHandler {
    pub context: HandlerContext,
    /// Database with the classes of a person.
    pub pool: PgPool,
}

#[async_trait]
impl TaskHandler for ClassMembershipCleanupHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(self.clean_up(task).await)
    }
}

impl ClassMembershipCleanupHandler {
    async fn clean_up(&self, task: &Task) -> Result<(), TaskOutcome> {
        let ClassMembershipCleanupTask { account_id } = parse_payload(task)?;
        let behind = |_| self.context.retry_later(task, "the read model is behind");
        wait_for(&self.pool, None, "classes", task.cause_position, WAIT_MAX).await.map_err(behind)?;
        let by = Initiator::System;
        for class_id in self.classes_or_retry(task, classes_of_student(&self.pool, account_id).await)? {
            self.dispatch_command(task, class_id, ClassCommand::RemoveStudent { by, student: account_id })
                .await?;
        }
        for class_id in self.classes_or_retry(task, classes_of_teacher(&self.pool, account_id).await)? {
            self.dispatch_command(task, class_id, ClassCommand::CloseClass { by }).await?;
        }
        Ok(())
    }

    fn classes_or_retry(
        &self,
        task: &Task,
        found: Result<Vec<ClassId>, sqlx::Error>,
    ) -> Result<Vec<ClassId>, TaskOutcome> {
        found.map_err(|error| {
            tracing::warn!(task = %task.id, %error, "cannot read the classes of a person");
            self.context.retry_later(task, "cannot read the classes")
        })
    }

    /// Issues one command. A refusal is ignored: the change is already made, or the class is closed.
    async fn dispatch_command(
        &self,
        task: &Task,
        class_id: ClassId,
        command: ClassCommand,
    ) -> Result<(), TaskOutcome> {
        let about = format!("leave:{class_id}");
        let commands = vec![Command::Class(class_id, command)];
        match self.context.dispatch_all(task, NAME, commands, (task.cause, &about)).await? {
            DispatchResult::Committed | DispatchResult::Refused(_) => Ok(()),
        }
    }
}
