//! The source of all questions of the bench.

use commands::LogReader;
use jiff::Timestamp;
use sqlx::PgPool;

/// The database, and the log that turns an instant into a position.
pub(super) struct ReportSource<'a> {
    pub pool: &'a PgPool,
    pub log: &'a LogReader,
    pub now: Timestamp,
}
