//! Deletes the mail files of an erased person.

use async_trait::async_trait;
use domain::AccountId;
use projection_runtime::{Task, TaskHandler, TaskOutcome};

use super::ERASURE;
use super::delivery::MailDelivery;
use crate::handler_context::into_outcome;

/// Handles the tasks of erasures.
#[derive(Clone)]
pub(in crate::notifications::processes) struct MailErasureHandler(pub MailDelivery);

#[async_trait]
impl TaskHandler for MailErasureHandler {
    fn kind(&self) -> &'static str {
        ERASURE
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let Ok(erased) = task.key.parse::<AccountId>() else {
            return TaskOutcome::Abandon { error: "the task's key is no id".to_owned() };
        };
        let deleted = self.0.settings.mailer.delete_mails_to(erased).await;
        into_outcome(deleted.map_err(|error| {
            tracing::error!(%error, "cannot delete mail files");
            self.0.context.retry_later(task, "cannot delete the mail files")
        }))
    }
}
