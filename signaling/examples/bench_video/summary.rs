//! Interleaved rounds of both servers, and what is told of all rounds of one.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Figures, janus};

/// Measurements of one round of one server, or what is told of several rounds.
pub trait Measured: Serialize + Clone {
    /// Returns medians; of limits that no round may pass, the worst.
    fn summary(rounds: &[Self]) -> Self;
    /// Returns a few words on one round.
    fn words(&self) -> String;
}

/// Figures of a server by its name.
pub type Named<F> = (&'static str, F);

/// Runs interleaved rounds of both servers and returns the summary of each; nothing of no rounds.
pub async fn interleaved<F: Measured>(rounds: usize, run: impl AsyncFn(bool) -> F) -> Vec<Named<F>> {
    let mut servers: Vec<(&str, Vec<F>)> = vec![("signaling", Vec::new())];
    if janus::is_installed() {
        servers.push(("janus", Vec::new()));
    }
    for _ in 0..rounds {
        for (name, taken) in &mut servers {
            let figures = run(*name == "janus").await;
            eprintln!("{name}: {}", figures.words());
            taken.push(figures);
        }
    }
    servers.retain(|(_, taken)| !taken.is_empty());
    servers.into_iter().map(|(name, taken)| (name, F::summary(&taken))).collect()
}

/// Returns the figures for `--json`.
pub fn named<F: Measured>(servers: &[Named<F>]) -> Vec<Value> {
    servers.iter().map(|(name, figures)| json!({"name": name, "figures": figures})).collect()
}

pub fn median<F>(rounds: &[F], of: impl Fn(&F) -> f64) -> f64 {
    let mut values: Vec<f64> = rounds.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

impl Measured for Figures {
    fn summary(rounds: &[Self]) -> Self {
        Self {
            us_per_packet: median(rounds, |figures| figures.us_per_packet),
            cpu_share: median(rounds, |figures| figures.cpu_share),
            rss_mib: median(rounds, |figures| figures.rss_mib),
            delay_p50_ms: median(rounds, |figures| figures.delay_p50_ms),
            delay_p99_ms: median(rounds, |figures| figures.delay_p99_ms),
            arrived: median(rounds, |figures| figures.arrived),
            dropped: rounds.iter().filter_map(|figures| figures.dropped).max(),
        }
    }

    fn words(&self) -> String {
        format!("{:.1} µs, arrived {:.1} %", self.us_per_packet, self.arrived * 100.0)
    }
}

pub fn print_table(servers: &[Named<Figures>]) {
    println!(
        "{:>10} {:>14} {:>6} {:>8} {:>9} {:>8} {:>8} {:>9} {:>8}",
        "", "µs CPU/packet", "ratio", "cores", "RSS MiB", "p50 ms", "p99 ms", "arrived", "dropped"
    );
    let peer = servers.iter().find(|(name, _)| *name == "janus").map(|(_, figures)| figures.us_per_packet);
    for (name, figures) in servers {
        println!(
            "{name:>10} {:>14.1} {:>6} {:>8.2} {:>9.1} {:>8.2} {:>8.2} {:>8.2}% {:>8}",
            figures.us_per_packet,
            peer.map_or_else(String::new, |peer| format!("{:.2}", figures.us_per_packet / peer)),
            figures.cpu_share,
            figures.rss_mib,
            figures.delay_p50_ms,
            figures.delay_p99_ms,
            figures.arrived * 100.0,
            figures.dropped.map_or_else(|| "–".to_owned(), |count| count.to_string()),
        );
    }
}
