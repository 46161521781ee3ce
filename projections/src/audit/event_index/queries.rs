//! Queries for the positions that match an auditor's filter; the events themselves are read from the log.

use domain::{Actor, Position};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::QueryError;
use projection_runtime::text_search::strip_nul;
use sqlx::PgPool;
use uuid::Uuid;

/// Filter of events; a field that is `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    pub stream_type: Option<String>,
    pub stream_id: Option<String>,
    pub event_type: Option<String>,
    pub actor: Option<Actor>,
    pub correlation_id: Option<Uuid>,
    pub event_id: Option<Uuid>,
    pub causation_id: Option<Uuid>,
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub to: Option<Timestamp>,
}

/// Loads up to `limit` positions after `after`, in order.
pub async fn event_positions(
    pool: &PgPool,
    filter: &EventFilter,
    after: Position,
    limit: u32,
) -> Result<Vec<Position>, QueryError> {
    Ok(select_positions(pool, filter, after, Some(i64::from(limit)))
        .map_ok(Position::from)
        .try_collect()
        .await?)
}

/// Streams all positions after `after`, in order, for exports; they are not collected in memory.
pub fn event_positions_stream<'a>(
    pool: &'a PgPool,
    filter: &EventFilter,
    after: Position,
) -> BoxStream<'a, Result<Position, QueryError>> {
    select_positions(pool, filter, after, None).map_ok(Position::from).map_err(QueryError::from).boxed()
}

fn select_positions<'a>(
    pool: &'a PgPool,
    filter: &EventFilter,
    after: Position,
    limit: Option<i64>,
) -> BoxStream<'a, Result<i64, sqlx::Error>> {
    sqlx::query_file_scalar!(
        "src/audit/event_index/positions.sql",
        after.to_bigint(),
        strip_nul(filter.stream_type.as_deref()),
        strip_nul(filter.stream_id.as_deref()),
        strip_nul(filter.event_type.as_deref()),
        filter.actor.as_ref().map(|actor| strip_nul(Some(&actor.to_string()))).flatten(),
        filter.correlation_id,
        filter.from.map(Timestamp::to_sqlx) as _,
        filter.to.map(Timestamp::to_sqlx) as _,
        limit,
        filter.event_id,
        filter.causation_id,
    )
    .fetch(pool)
}
