//! Where in the log an event stands, for those who look for it by something else than its position.

mod model;
mod queries;

pub use model::EventIndexReadModel;
pub use queries::{EventFilter, event_positions, event_positions_stream};
