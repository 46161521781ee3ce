//! What a process is: events in, tasks out; it records a task and never acts itself.

use async_trait::async_trait;
use domain::Recorded;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

/// Reacts to events by recording tasks, in the transaction of its checkpoint: exactly once.
///
/// A process is never replayed into the world: its checkpoint only goes forward.
pub trait ProcessManager: Send + Sync + 'static {
    /// snake_case; part of the task's identity.
    fn name(&self) -> &'static str;

    /// Whether events of this aggregate type matter here.
    fn handles(&self, aggregate_type: &str) -> bool;

    /// Where a process starts that this log has not seen before: at the first event, or after the
    /// last one there is.
    fn starts_at_beginning(&self) -> bool {
        true
    }

    /// The tasks that follow from one event. Pure.
    fn react(&self, event: &Recorded) -> Vec<Reaction>;
}

/// What a process asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Reaction {
    /// Something is to be done, at once or later.
    Schedule(NewTask),
    /// What was to be done under this kind and key is not wanted any more (if it has not begun).
    Cancel { kind: &'static str, key: String },
}

/// A task as a process asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTask {
    /// Which [`TaskHandler`] does it.
    pub kind: &'static str,
    /// Unique within the kind: the same key again changes only `due_at` of a task that waits. A task that
    /// was done is forgotten after a while: a key that a later event may bring again means "once more".
    pub key: String,
    /// Tasks of one queue are done one after the other, in the order of their recording.
    pub queue: Option<String>,
    /// When; `None` is at once. A durable timer is a task with a time.
    pub due_at: Option<Timestamp>,
    /// Ids and numbers that the handler needs; nothing personal.
    pub payload: Value,
}

/// A task as its handler gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub id: Uuid,
    pub kind: String,
    pub key: String,
    pub queue: Option<String>,
    pub payload: Value,
    /// From 1; counts this attempt.
    pub attempt: u32,
    /// Whether an earlier attempt may have reached the world without our knowing how it ended.
    pub outcome_unknown: bool,
    /// The event that caused it, its position, and what both belong to.
    pub cause: Uuid,
    pub cause_position: u64,
    pub correlation_id: Uuid,
}

/// Does the tasks of one kind: calls the world, reports by command.
#[async_trait]
pub trait TaskHandler: Send + Sync + 'static {
    fn kind(&self) -> &'static str;

    /// How many tasks of this kind one process does at the same time.
    fn concurrency(&self) -> usize {
        8
    }

    /// At least once; a crash in the middle leads to another attempt with `outcome_unknown`.
    async fn run(&self, task: &Task) -> TaskOutcome;
}

/// What became of an attempt. Errors are short texts without anything personal or secret.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskOutcome {
    Done,
    RetryAt {
        at: Timestamp,
        error: String,
        outcome_unknown: bool,
    },
    /// Not to be tried again unless a person asks for it.
    Abandon {
        error: String,
    },
}
