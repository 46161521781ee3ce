//! Matching of sent and received messages.

use std::collections::HashMap;
use std::time::Instant;

use crate::error::BenchError;

/// Durations of all rounds, in milliseconds.
#[derive(Default)]
pub(super) struct Tally(Vec<f64>);

impl Tally {
    /// Adds a round; every message must have reached both sockets of its pair.
    pub(super) fn add(
        &mut self,
        said: &[(u64, Instant)],
        heard: &[(u64, Instant)],
    ) -> Result<(), BenchError> {
        let said: HashMap<u64, Instant> = said.iter().copied().collect();
        let mut count = 0;
        for (message, at) in heard {
            if let Some(since) = said.get(message) {
                count += 1;
                // The socket may receive the message before the sender's answer arrives.
                self.0.push(at.saturating_duration_since(*since).as_secs_f64() * 1_000.0);
            }
        }
        if count != said.len() * 2 {
            let wrong = format!("{} messages to pairs were received {count} times", said.len());
            return Err(BenchError::Wrong(wrong));
        }
        Ok(())
    }

    pub(super) fn percentile(&self, part: f64) -> f64 {
        let mut waits = self.0.clone();
        waits.sort_by(f64::total_cmp);
        waits.get(((waits.len().saturating_sub(1)) as f64 * part) as usize).copied().unwrap_or(0.0)
    }
}
