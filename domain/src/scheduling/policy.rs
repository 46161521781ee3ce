//! What cancelling costs: the policy in force at booking is frozen into the booking.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::money::Money;

/// A version of the rules of cancellation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct CancellationPolicy {
    pub version: u16,
    /// Cancelling later than so many hours before the start is late.
    pub window_hours: u16,
    /// What a student pays who cancels late, in percent of the price; a teacher's cancellation is free.
    pub late_fee_percent: u8,
}

/// The policy of the bookings that are made now.
pub const CANCELLATION_POLICY: CancellationPolicy =
    CancellationPolicy { version: 1, window_hours: 12, late_fee_percent: 50 };

impl CancellationPolicy {
    /// Whether cancelling at `now` is late for a lesson that starts then.
    pub fn is_late(&self, starts_at: Timestamp, now: Timestamp) -> bool {
        starts_at.duration_since(now) < SignedDuration::from_hours(i64::from(self.window_hours))
    }

    /// What a late cancellation costs: rounded down to a whole minor unit.
    pub fn late_fee(&self, price: Money) -> Money {
        Money { amount: price.amount * i64::from(self.late_fee_percent) / 100, ..price }
    }
}
