//! Claims: what an event reserves or releases across aggregates.
//!
//! Claims are a pure function of the events. The log checks and writes them in the transaction that appends
//! the events. They can be rebuilt from the log at any time.

use jiff::Timestamp;

use crate::ids::AccountId;
use crate::personal::Personal;

/// Claim of an event. The owner is always the stream of the event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// Reserves `key` within `scope` for the owner, and releases the key that the owner held in that scope.
    /// Refused while another owner holds the key. The key is already normalised; only its keyed hash is
    /// stored. An erased key reserves nothing.
    Unique { scope: &'static str, key: Personal<String> },
    /// Releases the key that the owner holds within `scope`.
    ReleaseUnique { scope: &'static str },
    /// Reserves the half-open time `[from, to)` of a person for the owner. Refused while it overlaps a time
    /// of the same person that any owner holds.
    Time { person: AccountId, from: Timestamp, to: Timestamp },
    /// Releases the owner's times of one person.
    ReleaseTime { person: AccountId },
    /// Releases all times that the owner holds.
    ReleaseAllTime,
}

/// Reason why a claim was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClaimRefused {
    /// Another stream holds the key.
    Unique { scope: String },
    /// The person's time is taken; `holder` is the id of the aggregate that holds it.
    Time { person: AccountId, holder: String },
}
