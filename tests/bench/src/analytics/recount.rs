//! Peer of a report: the same figure, counted from the log itself.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use crate::error::BenchError;

/// Bookings by local day as `day, count`, from the rows of the log.
pub(super) async fn bookings_by_day(
    pool: &PgPool,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(String, i64)>, BenchError> {
    Ok(sqlx::query_as(
        "select (recorded_at at time zone 'Europe/Moscow')::date::text as day, count(*)
         from log.events
         where event_type = 'SeatBooked' and recorded_at >= $1 and recorded_at < $2
         group by 1
         order by 1",
    )
    .bind(from.to_sqlx())
    .bind(to.to_sqlx())
    .fetch_all(pool)
    .await?)
}
