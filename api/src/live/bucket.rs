//! Token bucket that limits the frames of one client; each socket has one.

use std::time::Duration;

use tokio::time::Instant;

/// Token bucket, full at first; a frame takes one token.
#[derive(Debug)]
pub(super) struct TokenBucket {
    per_second: u32,
    burst: u32,
    /// Instant at which the bucket is full again.
    full_at: Instant,
}

impl TokenBucket {
    pub(super) fn new(per_second: u32, burst: u32, now: Instant) -> Self {
        Self { per_second: per_second.max(1), burst: burst.max(1), full_at: now }
    }

    /// Takes a token; `false` if there is none.
    pub(super) fn take_token(&mut self, now: Instant) -> bool {
        let one = Duration::from_secs(1) / self.per_second;
        let full_at = self.full_at.max(now) + one;
        let enough = full_at.duration_since(now) <= one * self.burst;
        if enough {
            self.full_at = full_at;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_taken_at_once_and_then_so_many_a_second() {
        let begin = Instant::now();
        let mut bucket = TokenBucket::new(10, 3, begin);
        assert_eq!([0; 4].map(|_| bucket.take_token(begin)), [true, true, true, false]);
        let later = begin + Duration::from_millis(100);
        assert_eq!([0; 2].map(|_| bucket.take_token(later)), [true, false]);
    }
}
