//! From a committed event to everything that follows from it: read models and process managers, by context.

mod acting;
mod casts;
mod registry;

pub mod accounts;
pub mod audit;
pub mod crm;
pub mod live;
pub mod messaging;
pub mod notifications;
pub mod scheduling;
pub mod support;

pub use acting::Acting;
pub use registry::{processes, read_models, task_handlers};
