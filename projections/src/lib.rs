//! From a committed event to everything that follows from it: relay, read models, processes.

pub mod accounts;
pub mod audit_index;
pub mod crm;

mod paging;
mod process;
mod read_model;
mod read_models;
mod searching;

pub use paging::{Cursor, CursorError, Page, QueryError};
pub use process::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
pub use read_model::{ApplyError, ReadModel};
pub use read_models::read_models;
