//! The way of a committed event: Postgres, the relay, JetStream, and every listener in order.

mod bulk;
mod connection;
mod ear;
mod relay;
mod relay_state;
mod store;
mod subscription;
mod wire;

pub use connection::{ConnectError, StreamSettings, connect};
pub use relay_state::{RelayReport, RelayState};
pub use store::StoreError;
pub use wire::{WireError, subject_of};

pub(crate) use bulk::{Batch, Bulk, Filter, chain};
pub(crate) use ear::{Ear, Tap};
pub(crate) use relay::Relay;
pub(crate) use relay_state::{recorded_relays, stream_position};
pub(crate) use subscription::Subscription;
