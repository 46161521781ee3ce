//! Executes commands: loads aggregates, decides, and appends the events to the log.

mod bus;
pub mod database_pool;
mod execute;
mod keys;
mod load;
mod locked_streams;
mod log;
mod receipts;
mod step;
mod stream_cache;
mod supervise;

pub use bus::{Bus, LogSettings};
pub use keys::{MasterKey, keyed_hash};
pub use load::LoadedAggregate;
pub use log::{Backfill, BackfillError, ClaimDifferences, LogReader, SealedBytes, compare_claims};
