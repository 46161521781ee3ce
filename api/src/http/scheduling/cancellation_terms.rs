//! Terms of a cancellation by a student, as instant and amount.

use domain::scheduling::{CancellationPolicy, SlotEvent};
use domain::{Event, Money, RecordedEvent};
use jiff::{SignedDuration, Timestamp};
use projections::scheduling::BookingRow;
use serde::Serialize;

/// Terms under which a student cancels a booking. A cancellation by the teacher is free.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct CancellationTerms {
    /// Before this instant a cancellation is free.
    #[schema(value_type = String, format = DateTime)]
    free_until: Timestamp,
    /// Fee of a later cancellation, as `{amount, currency}`.
    #[schema(value_type = Object)]
    late_fee: Money,
}

impl CancellationTerms {
    pub fn new(policy: CancellationPolicy, starts_at: Timestamp, price: Money) -> Self {
        let window = SignedDuration::from_hours(i64::from(policy.window_hours));
        Self {
            free_until: starts_at.saturating_sub(window).expect("a signed duration never overflows the type"),
            late_fee: policy.late_fee(price),
        }
    }

    /// Builds the terms that were stored in the booking. Returns `None` if the events have no such booking.
    pub fn from_booking(
        events: &[RecordedEvent],
        booking: &BookingRow,
        starts_at: Timestamp,
    ) -> Option<Self> {
        let policy = events.iter().rev().find_map(|recorded| match &recorded.event {
            Event::Slot(
                SlotEvent::SeatBooked { booking_id, policy, .. }
                | SlotEvent::BookingMovedIn { booking_id, policy, .. },
            ) if *booking_id == booking.booking_id => Some(*policy),
            _ => None,
        })?;
        Some(Self::new(policy, starts_at, booking.money()))
    }
}

#[cfg(test)]
mod tests {
    use domain::Currency;

    use super::*;

    #[test]
    fn the_terms_follow_the_policy() {
        let policy = CancellationPolicy { version: 3, window_hours: 36, late_fee_percent: 25 };
        let price = Money { amount: 180_003, currency: Currency::RUB };
        let terms = CancellationTerms::new(policy, "2026-12-03T09:30:00Z".parse().unwrap(), price);
        assert_eq!(terms.free_until.to_string(), "2026-12-01T21:30:00Z");
        assert_eq!(terms.late_fee, Money { amount: 45_000, ..price });
    }
}
