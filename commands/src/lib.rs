//! From a request to a committed event.

mod bus;
mod execute;
mod keys;
mod lanes;
mod log;
mod receipts;
mod step;
mod turn;

pub use bus::{Bus, LogSettings};
pub use execute::Loaded;
pub use keys::{MasterKey, keyed_hash};
pub use log::{ClaimDifferences, LogReader, Past, PastError, rebuilt_claims};
