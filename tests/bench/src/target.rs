//! What is measured: the servers, how long, how far.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;

use crate::error::BenchError;

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
