//! What can be asked of a place in the line.

use jiff::Timestamp;

use crate::ids::{AccountId, BookingId, HoldId, SlotId};
use crate::scheduling::terms::Agent;

/// Commands to the aggregate `WaitlistEntry`.
#[derive(Clone, Debug)]
pub enum WaitlistCommand {
    JoinWaitlist {
        slot_id: SlotId,
        student: AccountId,
        position: u32,
    },
    ReceiveOffer {
        hold_id: HoldId,
        expires_at: Timestamp,
    },
    AcceptOffer {
        student: AccountId,
        booking_id: BookingId,
    },
    DeclineOffer {
        student: AccountId,
    },
    /// The timer; refused before its time.
    ExpireOffer,
    /// By the student, or by the system when the slot is closed.
    LeaveWaitlist {
        by: Agent,
    },
}
