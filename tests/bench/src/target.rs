//! Target and extent of a measurement, and its progress.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;

use crate::error::BenchError;

/// Servers that are measured; each bench creates a database there and drops it.
#[derive(Clone, Debug)]
pub struct Target {
    pub database_url: String,
    /// Needed only by benches with a runtime or a server.
    pub nats_url: Option<String>,
    /// Needed only by benches that call HTTP or start the whole program.
    pub up: Option<Up>,
    pub progress: Progress,
}

/// Receives the progress of long work: its name, the finished number and the total.
#[derive(Clone)]
pub struct Progress(pub Arc<dyn Fn(&'static str, u64, u64) + Send + Sync>);

impl Progress {
    pub(crate) fn report(&self, what: &'static str, done: u64, total: u64) {
        (self.0)(what, done, total);
    }
}

/// Ignores progress.
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

/// Start of a `kafedra up`.
#[derive(Clone, Debug)]
pub struct Up {
    pub program: PathBuf,
    /// Variables with which the program finds its private servers; it gets no other variable.
    pub environment: Vec<(String, String)>,
}

/// Extent of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Interleaved rounds, of which the median counts.
    pub rounds: usize,
    /// Length of the log for benches that need a long one; each has its own default.
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
