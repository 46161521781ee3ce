//! Delay of a failed delivery: exponential, with full jitter and a cap.

use jiff::SignedDuration;
use rand::Rng;

/// Exponential backoff with full jitter.
///
/// The ceiling doubles from `first_ms` with every attempt, up to `cap_ms`. The delay is drawn evenly from
/// zero to the ceiling, so that deliveries that failed together are retried at different instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    pub first_ms: u64,
    pub cap_ms: u64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first_ms: 1_000, cap_ms: 15 * 60 * 1_000 }
    }
}

impl Backoff {
    /// Returns the maximum delay after attempt number `attempt` (from 1), in milliseconds.
    pub fn ceiling_ms(&self, attempt: u32) -> u64 {
        let doublings = attempt.saturating_sub(1).min(63);
        self.first_ms.saturating_mul(1 << doublings).min(self.cap_ms)
    }

    /// Draws the delay after attempt number `attempt` (from 1).
    pub fn delay(&self, attempt: u32, rng: &mut impl Rng) -> SignedDuration {
        millis(rng.random_range(0..=self.ceiling_ms(attempt)))
    }
}

/// Converts milliseconds to a span. A value that does not fit becomes the longest span.
pub(crate) fn millis(ms: u64) -> SignedDuration {
    SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    proptest! {
        #[test]
        fn no_delay_is_negative_or_beyond_the_ceiling(
            first_ms in 1u64..100_000, cap_ms in 1u64..10_000_000, attempt in 0u32.., seed: u64,
        ) {
            let backoff = Backoff { first_ms, cap_ms };
            let delay = backoff.delay(attempt, &mut StdRng::seed_from_u64(seed));
            prop_assert!(delay >= SignedDuration::ZERO);
            prop_assert!(delay <= millis(backoff.ceiling_ms(attempt)));
            prop_assert!(backoff.ceiling_ms(attempt) <= cap_ms);
        }

        #[test]
        fn the_ceiling_never_falls(attempt in 0u32..1_000, first_ms in 1u64.., cap_ms in 1u64..) {
            let backoff = Backoff { first_ms, cap_ms };
            prop_assert!(backoff.ceiling_ms(attempt) <= backoff.ceiling_ms(attempt + 1));
        }
    }

    #[test]
    fn the_ceiling_doubles_until_the_cap() {
        let backoff = Backoff { first_ms: 100, cap_ms: 1_000 };
        let ceilings: Vec<u64> = (1..=6).map(|attempt| backoff.ceiling_ms(attempt)).collect();
        assert_eq!(ceilings, [100, 200, 400, 800, 1_000, 1_000]);
    }

    #[test]
    fn deliveries_that_failed_together_come_apart() {
        let backoff = Backoff { first_ms: 60_000, cap_ms: 60_000 };
        let mut rng = StdRng::seed_from_u64(7);
        let delays: std::collections::BTreeSet<_> = (0..100).map(|_| backoff.delay(1, &mut rng)).collect();
        assert!(delays.len() > 90, "{} different delays", delays.len());
        assert!(delays.iter().any(|delay| *delay < millis(15_000)), "jitter is full: some are short");
    }
}
