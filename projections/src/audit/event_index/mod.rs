//! Index of events: finds positions in the log by stream, event type, actor, correlation id or time.

mod model;
mod queries;

pub use model::EventIndexReadModel;
pub use queries::{EventFilter, event_positions, event_positions_stream};
