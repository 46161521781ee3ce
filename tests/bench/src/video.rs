//! Media of a lesson: the forwarding unit beside Janus' videoroom, by the bench program of `signaling`.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tokio::process::Command;

use crate::error::BenchError;
use crate::result_line::ResultLine;
use crate::target::{Options, Target};

const PEER: &str = "Janus' videoroom";
/// People with microphone and camera, and seconds of each round.
const EXTENT: [&str; 2] = ["12", "5"];

/// Output of the bench program.
#[derive(Debug, Deserialize)]
struct Report {
    servers: Vec<VideoServer>,
    /// The lesson room of 30 with simulcast.
    room: Vec<VideoServer>,
    /// A lesson of four whose networks lose 5 % each way.
    loss: Vec<VideoServer<LossFigures>>,
    resume: Resume,
    joins: Joins,
}

#[derive(Debug, Deserialize)]
struct VideoServer<F = Figures> {
    name: String,
    figures: F,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Figures {
    us_per_packet: f64,
    rss_mib: f64,
    delay_p50_ms: f64,
    delay_p99_ms: f64,
    /// Share of the packets that arrived, 0…1.
    arrived: f64,
    /// Packets that a queue of the server dropped.
    dropped: Option<u32>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct LossFigures {
    /// Longest pause between two decodable frames at any receiver, in any round.
    longest_pause_ms: f64,
    /// Bytes that were sent again, in percent of those that were sent once.
    again_percent: f64,
}

/// Frames and gaps that the other side noticed while a sender's socket was cut and taken up again.
#[derive(Debug, Deserialize)]
struct Resume {
    frames: u32,
    /// Longest time between two packets, in the same time without and with the cut.
    gap_before_ms: f64,
    gap_ms: f64,
}

#[derive(Debug, Deserialize)]
struct Joins {
    connected_ms: f64,
    first_packet_ms: f64,
    rss_before_mib: f64,
    rss_after_mib: f64,
    handles_before: u32,
    handles_after: u32,
}

/// Runs 12 × 12 people, a lesson room of 30 with simulcast, a lesson with loss, a resume, and 1,000 joins and leaves
/// against the program `signaling`; the first three also against Janus, if it is installed.
pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let up = target.up.as_ref().ok_or(BenchError::Missing("the path of the program"))?;
    let program = bench_program(&up.program).ok_or(BenchError::Missing(
        "its own program: `cargo build --release --package signaling --bins --examples`",
    ))?;
    let output = Command::new(program)
        .args(["--json", "--rounds", &options.rounds.to_string()])
        .args(EXTENT)
        .kill_on_drop(true)
        .output()
        .await?;
    if !output.status.success() {
        return Err(BenchError::Wrong(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    let report: Report =
        serde_json::from_slice(&output.stdout).map_err(|error| BenchError::Wrong(error.to_string()))?;
    lines(&report)
}

/// Returns the bench program in the folder of this program.
fn bench_program(own: &Path) -> Option<PathBuf> {
    let program = own.parent()?.join("examples").join("bench_video");
    program.is_file().then_some(program)
}

/// Figures of the program itself and of Janus.
struct Pair<F>(F, Option<F>);

impl<F: Copy> Pair<F> {
    fn of(servers: &[VideoServer<F>]) -> Result<Self, BenchError> {
        let of = |name: &str| servers.iter().find(|server| server.name == name).map(|server| server.figures);
        let own = of("signaling").ok_or_else(|| BenchError::Wrong("no figures of signaling".to_owned()))?;
        Ok(Self(own, of("janus")))
    }

    fn line(&self, name: &str, unit: &'static str, goal: &'static str, figure: fn(&F) -> f64) -> ResultLine {
        let line = ResultLine::new(name, figure(&self.0), unit).goal(goal);
        match &self.1 {
            Some(peer) => line.beside(PEER, figure(peer)),
            None => line,
        }
    }
}

fn lines(report: &Report) -> Result<Vec<ResultLine>, BenchError> {
    let (crowd, room) = (Pair::of(&report.servers)?, Pair::of(&report.room)?);
    let loss = Pair::of(&report.loss)?;
    let (resume, joins) = (&report.resume, &report.joins);
    let after = "1,000 joins and leaves: ";
    let before = "before them";
    Ok(vec![
        crowd.line("12 × 12: CPU per forwarded packet", "µs", "≤ 20", |figures| figures.us_per_packet),
        crowd.line("12 × 12: memory", "MiB", "≤ 64", |figures| figures.rss_mib),
        crowd.line("12 × 12: added latency, p50", "ms", "", |figures| figures.delay_p50_ms),
        crowd.line("12 × 12: added latency, p99", "ms", "< 10", |figures| figures.delay_p99_ms),
        crowd.line("12 × 12: packets that arrived", "%", "100", |figures| figures.arrived * 100.0),
        room.line("room of 30 with simulcast: CPU per forwarded packet", "µs", "≤ 20", |figures| {
            figures.us_per_packet
        }),
        room.line("room of 30 with simulcast: memory", "MiB", "", |figures| figures.rss_mib),
        room.line("room of 30 with simulcast: added latency, p99", "ms", "", |figures| figures.delay_p99_ms),
        room.line("room of 30 with simulcast: packets that arrived", "%", "100", |figures| {
            figures.arrived * 100.0
        }),
        ResultLine::new(
            "room of 30 with simulcast: packets dropped by us",
            room.0.dropped.map_or(f64::NAN, f64::from),
            "packets",
        )
        .goal("0"),
        loss.line("5 % loss each way: longest pause between decodable frames", "ms", "< 1,000", |figures| {
            figures.longest_pause_ms
        }),
        loss.line("5 % loss each way: packets sent again", "%", "< 10", |figures| figures.again_percent),
        ResultLine::new(
            "a sender's socket is cut and resumed: frames to the other side",
            f64::from(resume.frames),
            "frames",
        )
        .goal("0"),
        ResultLine::new(
            "a sender's socket is cut and resumed: longest gap in the media",
            resume.gap_ms,
            "ms",
        )
        .beside("without a cut", resume.gap_before_ms)
        .goal("as without a cut"),
        ResultLine::new("join: media connected, p50", joins.connected_ms, "ms").goal("< 150"),
        ResultLine::new("join: first packet, p50", joins.first_packet_ms, "ms")
            .goal("< 700 to the first frame"),
        ResultLine::new(format!("{after}memory"), joins.rss_after_mib, "MiB")
            .beside(before, joins.rss_before_mib)
            .goal("flat"),
        ResultLine::new(format!("{after}handles"), f64::from(joins.handles_after), "handles")
            .beside(before, f64::from(joins.handles_before))
            .goal("flat"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_without_a_peer_has_all_lines_and_no_ratio_to_it() {
        let text = r#"{"people": 12, "servers": [{"name": "signaling", "figures": {"us_per_packet": 10.8,
            "cpu_share": 0.1, "rss_mib": 59.5, "delay_p50_ms": 0.5, "delay_p99_ms": 3.6, "arrived": 1.0, "dropped": 0}}],
            "room": [{"name": "signaling", "figures": {"us_per_packet": 9.0, "cpu_share": 0.2, "rss_mib": 100.0,
            "delay_p50_ms": 1.0, "delay_p99_ms": 9.0, "arrived": 1.0, "dropped": 0}}],
            "loss": [{"name": "signaling", "figures": {"longest_pause_ms": 300.0, "again_percent": 5.0, "decoded": 1.0}}],
            "resume": {"frames": 0, "gap_before_ms": 25.0, "gap_ms": 30.0},
            "joins": {"count": 1000, "connected_ms": 59.0, "first_packet_ms": 122.0, "rss_before_mib": 12.7,
            "rss_after_mib": 13.4, "handles_before": 14, "handles_after": 13}}"#;
        let lines = lines(&serde_json::from_str(text).expect("a report")).expect("lines");
        assert_eq!(lines.len(), 18);
        assert_eq!((lines[0].figure, lines[0].ratio.clone(), lines[0].goal), (10.8, None, "≤ 20"));
        assert_eq!(lines[13].ratio, Some((1.2, "without a cut".to_owned())));
        assert_eq!(lines[17].ratio, Some((13.0 / 14.0, "before them".to_owned())));
    }
}
