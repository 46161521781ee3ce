//! Context of task handlers: the log to read, the dispatcher for commands, and the clock.

use std::fmt::Display;
use std::sync::Arc;

use domain::accounts::Account;
use domain::{
    AccountId, Clock, Command, CommandContext, CommandId, Decider, Dispatch, DispatchError, Event, EventLog,
    RecordedEvent, Refusal, StreamId, StreamVersion, fold_events,
};
use jiff::SignedDuration;
use projection_runtime::{Task, TaskOutcome, error_chain};
use uuid::Uuid;

/// Delay before a retry after a fault, in seconds for each attempt so far.
const RETRY_STEP_SECONDS: i64 = 2;
/// Longest delay before a retry, in seconds.
const RETRY_MAX_SECONDS: i64 = 60;

/// Ports of a task handler that issues commands.
#[derive(Clone)]
pub struct HandlerContext {
    pub log: Arc<dyn EventLog>,
    pub dispatch: Arc<dyn Dispatch>,
    pub clock: Arc<dyn Clock>,
}

/// Result of a command that was decided.
pub(crate) enum DispatchResult {
    Committed,
    Refused(Refusal),
}

impl HandlerContext {
    /// Loads an aggregate in its present state; a retry if its stream cannot be read.
    pub(crate) async fn load_aggregate<A: Decider<Event: TryFrom<Event>>>(
        &self,
        task: &Task,
        id: impl Display,
    ) -> Result<A, TaskOutcome> {
        Ok(fold_events::<A>(self.read_events(task, &StreamId::of::<A>(id)).await?))
    }

    /// Reads the events of a stream, in order; a retry if they cannot be read.
    pub(crate) async fn read_events(
        &self,
        task: &Task,
        stream: &StreamId,
    ) -> Result<Vec<RecordedEvent>, TaskOutcome> {
        let read =
            async { self.log.decode(&self.log.read_stream(stream, StreamVersion::START).await?).await };
        match read.await {
            Ok(events) => Ok(events),
            Err(error) => {
                tracing::error!(task = %task.id, %stream, cause = error_chain(&error), "cannot read a stream");
                Err(self.retry_later(task, "cannot read a stream"))
            }
        }
    }

    /// Returns whether a person is suspended now.
    pub(crate) async fn is_suspended(&self, task: &Task, person: AccountId) -> Result<bool, TaskOutcome> {
        let account: Account = self.load_aggregate(task, person).await?;
        Ok(account.person().is_some_and(|person| person.suspended))
    }

    /// Issues commands in one append.
    ///
    /// The command id is derived from the process manager and `about` (subject and purpose).
    /// Therefore a task commits once, also if it runs several times.
    pub(crate) async fn dispatch_all(
        &self,
        task: &Task,
        process: &str,
        commands: Vec<Command>,
        about: (Uuid, &str),
    ) -> Result<DispatchResult, TaskOutcome> {
        let (subject, purpose) = about;
        let context = CommandContext {
            command_id: CommandId::derived(subject, &format!("{process}:{purpose}")),
            ..CommandContext::of_process(process, task.cause, task.correlation_id, purpose)
        };
        self.dispatch_with_context(task, commands, context).await
    }

    /// Issues commands in one append, in a context that the caller provides.
    pub(crate) async fn dispatch_with_context(
        &self,
        task: &Task,
        commands: Vec<Command>,
        context: CommandContext,
    ) -> Result<DispatchResult, TaskOutcome> {
        match self.dispatch.dispatch_atomically(commands, context).await {
            Ok(_) => Ok(DispatchResult::Committed),
            Err(DispatchError::Refused(refusal)) => Ok(DispatchResult::Refused(refusal)),
            Err(DispatchError::StaleVersion { .. }) => {
                Err(self.retry_later(task, "the stream has changed since the decision"))
            }
            Err(error) => {
                tracing::error!(task = %task.id, cause = error_chain(&error), "cannot commit a command");
                Err(self.retry_later(task, "cannot commit the command"))
            }
        }
    }

    /// Schedules another attempt; the delay grows with the number of attempts.
    ///
    /// A repetition is safe because the log accepts each command id once.
    pub(crate) fn retry_later(&self, task: &Task, error: &str) -> TaskOutcome {
        let seconds = (RETRY_STEP_SECONDS * i64::from(task.attempt)).min(RETRY_MAX_SECONDS);
        TaskOutcome::RetryAt {
            at: self.clock.now() + SignedDuration::from_secs(seconds),
            error: error.to_owned(),
            outcome_unknown: true,
        }
    }
}

/// Parses the payload of a task; the task is abandoned if the payload is invalid.
pub(crate) fn parse_payload<T: serde::de::DeserializeOwned>(task: &Task) -> Result<T, TaskOutcome> {
    serde_json::from_value(task.payload.clone())
        .map_err(|_| TaskOutcome::Abandon { error: "the payload is invalid".to_owned() })
}

/// Returns [`TaskOutcome::Done`], or the outcome that ended the task early.
pub(crate) fn into_outcome(done: Result<(), TaskOutcome>) -> TaskOutcome {
    match done {
        Ok(()) => TaskOutcome::Done,
        Err(outcome) => outcome,
    }
}
