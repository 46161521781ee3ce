//! Read models and process managers of the product, by context.

mod audience_cache;
mod handler_context;
mod registry;

pub mod accounts;
pub mod audit;
pub mod crm;
pub mod live;
pub mod messaging;
pub mod notifications;
pub mod scheduling;
pub mod support;
pub mod video;

pub use handler_context::HandlerContext;
pub use registry::{process_managers, read_models, task_handlers};
