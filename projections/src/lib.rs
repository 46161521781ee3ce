//! From a committed event to everything that follows from it: relay, read models, processes.

mod process;
mod read_model;

pub use process::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
pub use read_model::{ApplyError, ReadModel};
