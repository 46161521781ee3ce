//! The runtime of read models and process managers: it knows no context.

mod apply_batch;
mod checkpoint;
mod codes;
mod handle;
mod leadership;
pub mod paging;
mod process_manager;
mod progress;
mod read_model;
mod rebuild;
mod runner;
pub mod snapshot_read;
mod start;
mod status;
mod stream;
mod tasks;
pub mod text_search;
mod wait;

pub use checkpoint::{Checkpoint, CheckpointError, HandlerKind, ResumeError, retry, skip};
pub use process_manager::{NewTask, Outcome, ProcessManager, Reaction, Task, TaskHandler};
pub use progress::LocalState;
pub use read_model::{ApplyError, ReadModel};
pub use rebuild::{
    Differences, OnProgress, RebuildError, RebuildProgress, RebuildState, Rebuilt, TableDifference, compare,
    rebuild, rebuild_all, switch_back,
};
pub use start::{Components, ProjectionRuntime, Roles, Settings, StartError};
pub use status::{
    ListenerKind, ListenerState, ListenerStatus, PreviousTables, Skip, Status, StatusError, status,
};
pub use stream::{
    ConnectError, RelayReport, RelayState, StoreError, StreamSettings, WireError, connect, error_chain,
    subject_of,
};
pub use tasks::{
    TaskCounts, TaskFilter, TaskRow, TaskState, abandon_task, list_tasks, retry_abandoned, task_counts,
};
pub use wait::{NotReached, wait_for};
