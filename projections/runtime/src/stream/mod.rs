//! The way of a committed event: Postgres, the relay, JetStream, and every listener in order.

mod connection;
mod consumer;
mod jetstream;
mod log_reader;
mod relay;
mod relay_state;
mod subscription;
mod wire;

pub use connection::{ConnectError, StreamSettings, connect};
pub use jetstream::StoreError;
pub use relay_state::{RelayReport, RelayState};
pub use wire::{WireError, subject_of};

pub(crate) use consumer::{Ear, Tap};
pub use log_reader::error_chain;
pub(crate) use log_reader::{Batch, Bulk, Filter};
pub(crate) use relay::Relay;
pub(crate) use relay_state::{recorded_relays, stream_position};
pub(crate) use subscription::Subscription;
