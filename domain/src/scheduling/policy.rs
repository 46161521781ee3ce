//! Cancellation policy. The version in force at booking is stored in the booking.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::money::Money;

/// Version of the cancellation policy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct CancellationPolicy {
    pub version: u16,
    /// Hours before the start; a later cancellation is late.
    pub window_hours: u16,
    /// Fee of a student's late cancellation, in percent of the price. A teacher's cancellation is free.
    pub late_fee_percent: u8,
}

/// Returns the policy of new bookings.
pub const CANCELLATION_POLICY: CancellationPolicy =
    CancellationPolicy { version: 1, window_hours: 12, late_fee_percent: 50 };

impl CancellationPolicy {
    /// Returns whether a cancellation at `now` is late for a lesson with this start.
    pub fn is_late(&self, starts_at: Timestamp, now: Timestamp) -> bool {
        starts_at.duration_since(now) < SignedDuration::from_hours(i64::from(self.window_hours))
    }

    /// Returns the fee of a late cancellation, rounded down to a whole minor unit.
    pub fn late_fee(&self, price: Money) -> Money {
        Money { amount: price.amount * i64::from(self.late_fee_percent) / 100, ..price }
    }
}
