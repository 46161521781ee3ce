//! Figures of a node in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use super::node::Node;
use crate::protocol::ClientStats;

/// Upper bounds of the join times' buckets, in milliseconds.
const BUCKETS: [u64; 8] = [50, 100, 150, 300, 700, 1_500, 5_000, 30_000];

/// A histogram of milliseconds.
#[derive(Debug, Default)]
struct Histogram {
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

    fn write(&self, text: &mut String, name: &str) {
        let (sum, count) = (self.sum.load(Ordering::Relaxed), self.count.load(Ordering::Relaxed));
        let _ = writeln!(text, "# TYPE {name} histogram");
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
    connected: Histogram,
    first_frame: Histogram,
    freezes: AtomicU64,
    freeze_ms: AtomicU64,
}

impl Times {
    /// Notes the time from `hello` to a connected media connection.
    pub fn connected(&self, ms: u64) {
        self.connected.note(ms);
    }

    /// Notes what a client reports; absurd figures are cut.
    pub fn stats(&self, stats: &ClientStats) {
        self.freezes.fetch_add(u64::from(stats.freezes.min(1_000)), Ordering::Relaxed);
        self.freeze_ms.fetch_add(u64::from(stats.freeze_ms.min(60_000)), Ordering::Relaxed);
        if let Some(ms) = stats.join_ms {
            self.first_frame.note(u64::from(ms.min(60_000)));
        }
    }
}

/// Returns the CPU time of this process in seconds.
pub fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Returns all figures of the node.
pub fn render(node: &Node) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, value: f64| {
        let _ = writeln!(text, "# TYPE kafedra_rtc_{name} gauge\nkafedra_rtc_{name} {value}");
    };
    gauge("rooms", node.rooms() as f64);
    gauge("participants", node.people() as f64);
    gauge("sockets", node.open_sockets() as f64);
    gauge("draining", f64::from(u8::from(node.is_draining())));
    let sent = node.engine.counters().packets_out.load(Ordering::Relaxed);
    let cpu = cpu_seconds();
    gauge("cpu_seconds", cpu);
    gauge("cpu_seconds_per_packet", if sent == 0 { 0.0 } else { cpu / sent as f64 });
    let counters = node.engine.counters().all();
    let own = [
        ("freezes", node.times.freezes.load(Ordering::Relaxed)),
        ("freeze_ms", node.times.freeze_ms.load(Ordering::Relaxed)),
    ];
    for (name, value) in counters.into_iter().chain(own) {
        let _ = writeln!(text, "# TYPE kafedra_rtc_{name}_total counter\nkafedra_rtc_{name}_total {value}");
    }
    node.times.connected.write(&mut text, "kafedra_rtc_media_connected_ms");
    node.times.first_frame.write(&mut text, "kafedra_rtc_first_frame_ms");
    text
}
