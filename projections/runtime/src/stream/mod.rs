//! Delivery of committed events: PostgreSQL, the relay, JetStream, and the subscriptions.

mod batch_reader;
mod connection;
mod consumer;
mod jetstream;
mod relay;
mod relay_state;
mod subscription;
mod wire;

pub use connection::{ConnectError, StreamSettings, connect};
pub use jetstream::JetStreamError;
pub use relay_state::{RelayReport, RelayState};
pub use wire::{WireError, subject_for};

pub(crate) use batch_reader::{BatchReader, EventBatch, EventFilter};
pub(crate) use consumer::{SharedConsumer, StreamHandle};
pub(crate) use relay::Relay;
pub(crate) use relay_state::{load_reports, stream_position};
pub(crate) use subscription::Subscription;
