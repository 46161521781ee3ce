//! Runtime of read models and process managers, independent of all contexts.

mod apply_batch;
mod checkpoint;
mod error;
mod handle;
mod leadership;
pub mod paging;
mod process_manager;
mod progress;
mod read_model;
mod rebuild;
mod repeated_failures;
mod revised;
mod runner;
pub mod snapshot_read;
mod start;
mod status;
mod stream;
mod supervise;
mod table_copies;
mod tasks;
pub mod text_search;
mod wait;

pub use checkpoint::{Checkpoint, CheckpointError, HandlerKind, ResumeError, retry_stopped, skip_event};
pub use error::error_chain;
pub use process_manager::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome};
pub use progress::LocalState;
pub use read_model::{ApplyError, ReadModel};
pub use rebuild::{
    Differences, OnProgress, RebuildError, RebuildProgress, RebuildResult, RebuildState, TableDifference,
    compare, rebuild, rebuild_all, switch_back,
};
pub use revised::revised;
pub use start::{Components, ProjectionRuntime, Roles, RuntimeSettings, StartError};
pub use status::{
    PreviousTables, ProjectionStatus, SkippedEvent, StatusError, SubscriptionState, SubscriptionStatus,
    load_status,
};
pub use stream::{
    ConnectError, JetStreamError, RelayReport, RelayState, StreamSettings, WireError, connect, subject_for,
};
pub use tasks::{
    TaskCounts, TaskFilter, TaskRow, TaskState, abandon_task, list_tasks, retry_abandoned, task_counts,
};
pub use wait::{NotReached, wait_for};
