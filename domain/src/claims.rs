//! What an event reserves or frees across aggregates.
//!
//! Claims are a pure function of the events, checked and written in the transaction that appends
//! them, and can be rebuilt from the log at any time.

use jiff::Timestamp;

use crate::ids::AccountId;
use crate::personal::Personal;

/// A change of what a stream reserves. The owner is always the stream of the event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// Reserves `key` within `scope` for the owner; what the owner held in that scope is freed.
    /// Refused while another owner holds the key. The key is already normalised; only its keyed
    /// hash is stored. An erased key reserves nothing.
    Unique { scope: &'static str, key: Personal<String> },
    /// Frees whatever the owner holds within `scope`.
    ReleaseUnique { scope: &'static str },
    /// Reserves the half-open time `[from, to)` of a person for the owner. Refused while it
    /// overlaps a time of the same person that any owner holds.
    Time { person: AccountId, from: Timestamp, to: Timestamp },
    /// Frees the owner's times of one person.
    ReleaseTime { person: AccountId },
    /// Frees all times that the owner holds.
    FreeAllTime,
}

/// Why a claim could not be had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClaimRefused {
    /// The key is held by another stream.
    Unique { scope: String },
    /// The person is elsewhere at that time; `holder` is the aggregate id that holds it.
    Time { person: AccountId, holder: String },
}
