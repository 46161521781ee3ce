//! Figures of a node in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use super::node::Node;

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
