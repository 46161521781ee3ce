//! From a committed event to everything that follows from it: relay, read models, processes.

pub mod accounts;
pub mod audit_index;
pub mod crm;
pub mod live;
pub mod messaging;
pub mod notifications;
pub mod processes;
pub mod scheduling;

mod applying;
mod casts;
mod checkpoint;
mod codes;
mod handle;
mod leadership;
mod paging;
mod place;
mod process;
mod read_model;
mod read_models;
mod reading;
mod rebuild;
mod runner;
mod searching;
mod start;
mod status;
mod stream;
mod tasks;
mod wait;

pub use checkpoint::{CheckpointError, ResumeError, retry, skip};
pub use paging::{Cursor, CursorError, Page, QueryError};
pub use place::LocalState;
pub use process::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
pub use read_model::{ApplyError, ReadModel};
pub use read_models::read_models;
pub use rebuild::{
    Differences, OnProgress, RebuildError, RebuildProgress, RebuildState, Rebuilt, TableDifference, compare,
    rebuild, rebuild_all, switch_back,
};
pub use start::{Parts, Projections, Roles, Settings, StartError};
pub use status::{
    ListenerKind, ListenerState, ListenerStatus, PreviousTables, Skip, Status, StatusError, status,
};
pub use stream::{
    ConnectError, RelayReport, RelayState, StoreError, StreamSettings, WireError, connect, subject_of,
};
pub use tasks::{
    TaskCounts, TaskFilter, TaskRow, TaskState, abandon_task, list_tasks, retry_abandoned, task_counts,
};
pub use wait::Behind;
