//! Durable tasks and timers: recorded with the checkpoint of a process manager, done by a worker.

mod admin;
mod claim;
mod prune;
mod record;
mod worker;

pub use admin::{
    TaskCounts, TaskFilter, TaskRow, TaskState, abandon_task, list_tasks, retry_abandoned, task_counts,
};
pub(crate) use prune::Pruner;
pub(crate) use record::ProcessManagerHandler;
pub(crate) use worker::{Worker, WorkerWakeups};
