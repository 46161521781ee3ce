//! State of a waitlist entry.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, HoldId, SlotId};

/// Waitlist entry: not yet joined, or joined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum WaitlistEntry {
    #[default]
    Unjoined,
    Joined {
        slot_id: SlotId,
        student: AccountId,
        status: WaitlistStatus,
    },
}

/// Status of the entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitlistStatus {
    Waiting,
    Offered { hold_id: HoldId, expires_at: Timestamp },
    Accepted,
    Declined,
    Expired,
    Left,
}

impl WaitlistStatus {
    /// Returns whether the student is still waitlisted, with or without a seat offer.
    pub fn is_in_line(self) -> bool {
        matches!(self, WaitlistStatus::Waiting | WaitlistStatus::Offered { .. })
    }
}
