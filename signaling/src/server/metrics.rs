//! Figures of a node in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use super::node::Node;
use crate::media::Counted;

/// First part of the name of each figure.
const PREFIX: &str = "kafedra_rtc_";

/// Returns the CPU time of this process in seconds.
pub fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Returns all figures of the node.
pub fn render(node: &Node) -> String {
    let mut text = String::new();
    let sent = node.engine.counters().packets_out.load(Ordering::Relaxed);
    let cpu = cpu_seconds();
    let gauges = [
        ("rooms", "Lesson rooms with people.", node.busy_rooms() as f64),
        ("participants", "People in these rooms, also in their lobbies.", node.people() as f64),
        ("sockets", "Open WebSockets.", node.open_sockets() as f64),
        ("draining", "1 while the node takes no rooms.", f64::from(u8::from(node.is_draining()))),
        ("cpu_seconds", "CPU time of the process.", cpu),
        (
            "cpu_seconds_per_packet",
            "CPU time of the process by datagram sent.",
            if sent == 0 { 0.0 } else { cpu / sent as f64 },
        ),
    ];
    for (name, help, value) in gauges {
        write_head(&mut text, name, help, "gauge");
        let _ = writeln!(text, "{PREFIX}{name} {value}");
    }
    let times = &node.times;
    let own = [
        ("freezes", "Pauses of the picture that clients report.", &times.freezes),
        ("freeze_ms", "Milliseconds of these pauses.", &times.freeze_ms),
    ];
    let own = own.map(|(name, help, value)| Counted { name, help, value: value.load(Ordering::Relaxed) });
    for Counted { name, help, value } in node.engine.counters().all().into_iter().chain(own) {
        let name = format!("{name}_total");
        write_head(&mut text, &name, help, "counter");
        let _ = writeln!(text, "{PREFIX}{name} {value}");
    }
    let histograms = [
        (
            "media_connected_ms",
            "Milliseconds from `hello` to a connected media connection.",
            &times.connected,
        ),
        (
            "first_frame_ms",
            "Milliseconds from `hello` to the first frame, as clients report.",
            &times.first_frame,
        ),
    ];
    for (name, help, histogram) in histograms {
        write_head(&mut text, name, help, "histogram");
        histogram.write(&mut text, &format!("{PREFIX}{name}"));
    }
    text
}

fn write_head(text: &mut String, name: &str, help: &str, kind: &str) {
    let _ = writeln!(text, "# HELP {PREFIX}{name} {help}\n# TYPE {PREFIX}{name} {kind}");
}
