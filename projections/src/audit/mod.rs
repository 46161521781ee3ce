//! Read models of the audit: the index of events.

mod event_index;

pub use event_index::{EventFilter, EventIndexReadModel, event_positions, event_positions_stream};
