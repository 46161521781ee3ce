//! Read models of the audit: where in the log an event stands.

mod event_index;

pub use event_index::{EventFilter, EventIndexReadModel, event_positions, event_positions_stream};
