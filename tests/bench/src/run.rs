//! Every bench by its name.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;

use crate::error::BenchError;
use crate::line::Line;
use crate::{
    analytics, append, booking, catch_up, conversation, growth, latency, live, memory, relay, teachers,
};

/// The servers that are measured; each bench makes a database of its own there and drops it.
#[derive(Clone, Debug)]
pub struct Target {
    pub database_url: String,
    /// Only what listens or serves needs it.
    pub nats_url: Option<String>,
    /// Only what is asked over HTTP, or started whole, needs it.
    pub up: Option<Up>,
    pub progress: Progress,
}

/// Hears how far long work is: of what, how many of how many.
#[derive(Clone)]
pub struct Progress(pub Arc<dyn Fn(&'static str, u64, u64) + Send + Sync>);

impl Progress {
    pub(crate) fn at(&self, what: &'static str, done: u64, total: u64) {
        (self.0)(what, done, total);
    }
}

/// Nobody listens.
impl Default for Progress {
    fn default() -> Self {
        Self(Arc::new(|_, _, _| {}))
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}

/// How a `kafedra up` is started.
#[derive(Clone, Debug)]
pub struct Up {
    pub program: PathBuf,
    /// What it must be told to find the programs of its private servers; it gets nothing else of ours.
    pub environment: Vec<(String, String)>,
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Interleaved rounds, of which the median counts.
    pub rounds: usize,
    /// Length of the log where a bench needs a long one; each has its own default.
    pub events: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self { rounds: 5, events: None }
    }
}

impl Target {
    pub(crate) fn options(&self) -> Result<PgConnectOptions, BenchError> {
        Ok(self.database_url.parse()?)
    }
}

/// The length of the log where all benches are run and nobody says it: what a bench takes by itself may take hours.
pub fn events_in_all(name: &str) -> Option<usize> {
    ["analytics", "rebuild"].contains(&name).then_some(500_000)
}

/// The names that [`run`] takes.
pub fn names() -> &'static [&'static str] {
    &[
        "append",
        "catch-up",
        "relay",
        "latency",
        "growth",
        "memory",
        "booking",
        "teachers",
        "conversation",
        "live",
        "analytics",
        "rebuild",
    ]
}

/// Measures and gives the figures; nothing is judged.
///
/// # Errors
/// The name is unknown, a server is away, or a part that is measured fails.
pub async fn run(name: &str, target: Target, options: Options) -> Result<Vec<Line>, BenchError> {
    match name {
        "analytics" => analytics::run(&target, options).await,
        "append" => append::run(&target, options).await,
        "catch-up" => catch_up::run(&target, options).await,
        "relay" => relay::run(&target, options).await,
        "latency" => latency::run(&target, options).await,
        "growth" => growth::run(&target, options).await,
        "booking" => booking::run(&target, options).await,
        "conversation" => conversation::run(&target, options).await,
        "memory" => memory::run(&target, options).await,
        "rebuild" => analytics::run_rebuild(&target, options).await,
        "live" => live::run(&target, options).await,
        "teachers" => teachers::run(&target, options).await,
        other => Err(BenchError::UnknownName(other.to_owned())),
    }
}
