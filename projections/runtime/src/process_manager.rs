//! Process managers and task handlers: a process manager records tasks, a task handler does them.

use async_trait::async_trait;
use domain::{Position, RecordedEvent};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

/// Reacts to events by recording tasks, exactly once: in the transaction of its checkpoint.
///
/// A process manager is never rebuilt: its checkpoint never goes back.
pub trait ProcessManager: Send + Sync + 'static {
    /// Name in snake_case. It is stored with the checkpoint and the tasks.
    fn name(&self) -> &'static str;

    /// Returns true if the process manager reacts to events of this aggregate type.
    fn handles(&self, aggregate_type: &str) -> bool;

    /// Returns true if a new process manager starts at the first event; false if it starts after the last
    /// one. There is no default: one that sends or reminds must not act on the whole past.
    fn starts_at_beginning(&self) -> bool;

    /// Returns the reactions to one event. A pure function.
    fn react(&self, event: &RecordedEvent) -> Vec<Reaction>;
}

/// Reaction of a process manager to an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Reaction {
    /// Records a task, to be done at once or later.
    Schedule(NewTask),
    /// Deletes the task of this kind and key, unless an attempt has begun.
    Cancel { kind: &'static str, key: String },
}

/// A task as a process manager records it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTask {
    /// Kind of the [`TaskHandler`] that does it.
    pub kind: &'static str,
    /// Unique within the kind. A repeated key changes only `due_at` of a waiting task.
    ///
    /// Done tasks are pruned after the retention. A key that a later event repeats then means a new task.
    pub key: String,
    /// Tasks of one queue are done one after the other, in the order of their recording.
    pub queue: Option<String>,
    /// Due time; `None` means at once. A task with a due time is a durable timer.
    pub due_at: Option<Timestamp>,
    /// Ids and numbers that the handler needs, without personal data.
    pub payload: Value,
}

/// A claimed task, as its handler gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub id: Uuid,
    pub kind: String,
    pub key: String,
    pub queue: Option<String>,
    pub payload: Value,
    /// Number of this attempt, from 1.
    pub attempt: u32,
    /// True if an earlier attempt may have had effects and its outcome is unknown.
    pub outcome_unknown: bool,
    /// Id of the event that caused the task.
    pub cause: Uuid,
    /// Position of that event.
    pub cause_position: Position,
    /// Correlation id of that event.
    pub correlation_id: Uuid,
}

/// Does the tasks of one kind: calls other systems and reports by commands.
#[async_trait]
pub trait TaskHandler: Send + Sync + 'static {
    fn kind(&self) -> &'static str;

    /// Returns how many tasks of this kind one OS process does at the same time.
    fn concurrency(&self) -> usize {
        8
    }

    /// Runs one attempt. A task runs at least once: after a crash it runs again with `outcome_unknown`.
    async fn run(&self, task: &Task) -> TaskOutcome;
}

/// Outcome of an attempt. Errors are short texts without personal data or secrets.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskOutcome {
    Done,
    RetryAt {
        at: Timestamp,
        error: String,
        outcome_unknown: bool,
    },
    /// The worker does not retry the task unless an admin requests it.
    Abandon {
        error: String,
    },
}
