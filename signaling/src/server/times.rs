//! Times that a node and its clients measured.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::protocol::ClientStats;

/// Upper bounds of the join times' buckets, in milliseconds.
const BUCKETS: [u64; 8] = [50, 100, 150, 300, 700, 1_500, 5_000, 30_000];

/// A histogram of milliseconds.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    buckets: [AtomicU64; BUCKETS.len()],
    sum: AtomicU64,
    count: AtomicU64,
}

impl Histogram {
    fn note(&self, ms: u64) {
        for (bucket, bound) in self.buckets.iter().zip(BUCKETS) {
            if ms <= bound {
                bucket.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.sum.fetch_add(ms, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes the samples in the text format of Prometheus.
    pub(super) fn write(&self, text: &mut String, name: &str) {
        let (sum, count) = (self.sum.load(Ordering::Relaxed), self.count.load(Ordering::Relaxed));
        for (bucket, bound) in self.buckets.iter().zip(BUCKETS) {
            let _ = writeln!(text, "{name}_bucket{{le=\"{bound}\"}} {}", bucket.load(Ordering::Relaxed));
        }
        let _ =
            writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {count}\n{name}_sum {sum}\n{name}_count {count}");
    }
}

/// Times that the node and its clients measured.
#[derive(Debug, Default)]
pub struct Times {
    pub(super) connected: Histogram,
    pub(super) first_frame: Histogram,
    pub(super) freezes: AtomicU64,
    pub(super) freeze_ms: AtomicU64,
}

impl Times {
    /// Notes the time from `hello` to a connected media connection.
    pub fn record_connected(&self, ms: u64) {
        self.connected.note(ms);
    }

    /// Notes what a client reports; absurd figures are cut.
    pub fn record_stats(&self, stats: &ClientStats) {
        self.freezes.fetch_add(u64::from(stats.freezes.min(1_000)), Ordering::Relaxed);
        self.freeze_ms.fetch_add(u64::from(stats.freeze_ms.min(60_000)), Ordering::Relaxed);
        if let Some(ms) = stats.join_ms {
            self.first_frame.note(u64::from(ms.min(60_000)));
        }
    }
}
