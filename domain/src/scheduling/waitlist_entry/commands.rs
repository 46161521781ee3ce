//! Commands to a waitlist entry.

use jiff::Timestamp;

use crate::ids::{AccountId, BookingId, HoldId, SlotId};
use crate::scheduling::terms::Initiator;

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
    /// Fired timer; refused before its time.
    ExpireOffer,
    /// Leaves the waitlist; the student does it, or the system when the slot closes.
    LeaveWaitlist {
        by: Initiator,
    },
}
