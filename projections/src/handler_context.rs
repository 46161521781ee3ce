//! What a task handler acts with: streams to fold, commands to issue, a clock to come back by.

use std::fmt::Display;
use std::sync::Arc;

use domain::accounts::Account;
use domain::{
    AccountId, Clock, Command, CommandId, Context, Decider, Dispatch, DispatchError, Event, EventLog,
    Recorded, Refusal, StreamId, folded,
};
use jiff::SignedDuration;
use projection_runtime::{Task, TaskOutcome, error_chain};
use uuid::Uuid;

/// How long to wait when our own side is in trouble, per attempt and at most.
const RETRY_STEP_SECONDS: i64 = 2;
const RETRY_MAX_SECONDS: i64 = 60;

/// The ports of a handler whose work is commands.
#[derive(Clone)]
pub struct HandlerContext {
    pub log: Arc<dyn EventLog>,
    pub dispatch: Arc<dyn Dispatch>,
    pub clock: Arc<dyn Clock>,
}

/// What became of a command that could be decided.
pub(crate) enum DispatchResult {
    Committed,
    Refused(Refusal),
}

impl HandlerContext {
    /// An aggregate as it is now; an outcome where it can not be read.
    pub(crate) async fn load_aggregate<A: Decider<Event: TryFrom<Event>>>(
        &self,
        task: &Task,
        id: impl Display,
    ) -> Result<A, TaskOutcome> {
        Ok(folded::<A>(self.read_events(task, &StreamId::of::<A>(id)).await?))
    }

    /// The events of a stream, in order; an outcome where they can not be read.
    pub(crate) async fn read_events(
        &self,
        task: &Task,
        stream: &StreamId,
    ) -> Result<Vec<Recorded>, TaskOutcome> {
        let read = async { self.log.open(&self.log.read_stream(stream, 0).await?).await };
        match read.await {
            Ok(events) => Ok(events),
            Err(error) => {
                tracing::error!(task = %task.id, %stream, cause = error_chain(&error), "a stream can not be read");
                Err(self.retry_later(task, "a stream can not be read"))
            }
        }
    }

    /// Whether a person is suspended now.
    pub(crate) async fn is_suspended(&self, task: &Task, person: AccountId) -> Result<bool, TaskOutcome> {
        let account: Account = self.load_aggregate(task, person).await?;
        Ok(account.person().is_some_and(|person| person.suspended))
    }

    /// Issues commands in one append, under an id that follows from what they are about: the same
    /// task commits once, however often it runs.
    pub(crate) async fn dispatch_all(
        &self,
        task: &Task,
        process: &str,
        commands: Vec<Command>,
        about: (Uuid, &str),
    ) -> Result<DispatchResult, TaskOutcome> {
        let (subject, purpose) = about;
        let context = Context {
            command_id: CommandId::derived(subject, &format!("{process}:{purpose}")),
            ..Context::of_process(process, task.cause, task.correlation_id, purpose)
        };
        self.dispatch_with_context(task, commands, context).await
    }

    /// The same, in a context of one's own.
    pub(crate) async fn dispatch_with_context(
        &self,
        task: &Task,
        commands: Vec<Command>,
        context: Context,
    ) -> Result<DispatchResult, TaskOutcome> {
        match self.dispatch.dispatch_together(commands, context).await {
            Ok(_) => Ok(DispatchResult::Committed),
            Err(DispatchError::Refused(refusal)) => Ok(DispatchResult::Refused(refusal)),
            Err(DispatchError::StaleVersion { .. }) => {
                Err(self.retry_later(task, "what was decided on has changed meanwhile"))
            }
            Err(error) => {
                tracing::error!(task = %task.id, cause = error_chain(&error), "a command was not committed");
                Err(self.retry_later(task, "the command was not committed"))
            }
        }
    }

    /// Another attempt, the later the more there were; the ids of the commands make it harmless.
    pub(crate) fn retry_later(&self, task: &Task, error: &str) -> TaskOutcome {
        let seconds = (RETRY_STEP_SECONDS * i64::from(task.attempt)).min(RETRY_MAX_SECONDS);
        TaskOutcome::RetryAt {
            at: self.clock.now() + SignedDuration::from_secs(seconds),
            error: error.to_owned(),
            outcome_unknown: true,
        }
    }
}

/// The payload of a task as its handler means it; a task that can not be read is given up.
pub(crate) fn parse_payload<T: serde::de::DeserializeOwned>(task: &Task) -> Result<T, TaskOutcome> {
    serde_json::from_value(task.payload.clone())
        .map_err(|_| TaskOutcome::Abandon { error: "the payload has another shape".to_owned() })
}

/// What becomes of a task that was done, or could not be.
pub(crate) fn into_outcome(done: Result<(), TaskOutcome>) -> TaskOutcome {
    match done {
        Ok(()) => TaskOutcome::Done,
        Err(outcome) => outcome,
    }
}
