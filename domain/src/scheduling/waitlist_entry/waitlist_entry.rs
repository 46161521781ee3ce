//! State of a waitlist entry.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, HoldId, SlotId};

/// A place in the line: not taken yet, or somebody's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum WaitlistEntry {
    #[default]
    Unjoined,
    Joined {
        slot_id: SlotId,
        student: AccountId,
        stage: WaitlistStage,
    },
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitlistStage {
    Waiting,
    Offered { hold_id: HoldId, expires_at: Timestamp },
    Accepted,
    Declined,
    Expired,
    Left,
}

impl WaitlistStage {
    /// Whether the student still stands in line, with a seat offered or not.
    pub fn is_in_line(self) -> bool {
        matches!(self, WaitlistStage::Waiting | WaitlistStage::Offered { .. })
    }
}
