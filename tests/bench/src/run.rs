//! Every bench by its name.

use sqlx::postgres::PgConnectOptions;

use crate::append;
use crate::error::BenchError;
use crate::line::Line;

/// The servers that are measured; each bench makes a database of its own there and drops it.
#[derive(Clone, Debug)]
pub struct Target {
    pub database_url: String,
    /// Only `relay` and `latency` need it.
    pub nats_url: Option<String>,
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Interleaved rounds, of which the median counts.
    pub rounds: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { rounds: 5 }
    }
}

impl Target {
    pub(crate) fn options(&self) -> Result<PgConnectOptions, BenchError> {
        Ok(self.database_url.parse()?)
    }
}

/// The names that [`run`] takes.
pub fn names() -> &'static [&'static str] {
    &["append"]
}

/// Measures and gives the figures; nothing is judged.
///
/// # Errors
/// The name is unknown, a server is away, or a part that is measured fails.
pub async fn run(name: &str, target: Target, options: Options) -> Result<Vec<Line>, BenchError> {
    match name {
        "append" => append::run(&target, options).await,
        other => Err(BenchError::UnknownName(other.to_owned())),
    }
}
