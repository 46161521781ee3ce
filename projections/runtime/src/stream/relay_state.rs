//! State and report of the relay, in this OS process and stored for other OS processes.

use async_nats::jetstream;
use domain::Position;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::PgPool;

domain::code_enum!(
    /// State of the relay.
    RelayState {
        /// Another OS process publishes.
        Standby = "standby",
        /// No OS process publishes.
        Idle = "idle",
        /// NATS or the log is unavailable; the relay retries.
        Waiting = "waiting",
        /// All committed events are published or in flight.
        Running = "running",
        /// The stream holds events that the log does not have.
        ///
        /// The log was restored to an earlier point, or another program writes to the stream. An operator must
        /// decide; deleting the stream repairs it.
        Diverged = "diverged",
        /// The stream has another configuration than requested, or an event cannot be sent.
        Refused = "refused",
    }
);

/// Report of the relay of one stream.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RelayReport {
    pub stream: String,
    pub state: RelayState,
    /// Last position known to be in the stream.
    pub position: Position,
    /// Description of the problem, if there is one.
    pub detail: Option<String>,
    pub updated_at: Timestamp,
}

/// Stores the report of the leading relay, for `GET /admin/projections` of any OS process.
pub(super) async fn save_report(pool: &PgPool, report: &RelayReport) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into projection.relays (stream, state, position, detail, updated_at)
         values ($1, $2, $3, $4, $5)
         on conflict (stream) do update
         set state = excluded.state, position = excluded.position, detail = excluded.detail,
             updated_at = excluded.updated_at",
        report.stream,
        report.state.as_str(),
        report.position.to_bigint(),
        report.detail.as_deref(),
        report.updated_at.to_sqlx() as _,
    )
    .execute(pool)
    .await
    .map(|_| ())
}

/// Loads the last reports of the leading relays.
pub(crate) async fn load_reports(pool: &PgPool) -> Result<Vec<RelayReport>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select stream, state, position, detail, updated_at as "updated_at: jiff_sqlx::Timestamp"
           from projection.relays
           order by stream"#
    )
    .fetch_all(pool)
    .await?;
    let reports = rows.into_iter().map(|row| RelayReport {
        stream: row.stream,
        state: RelayState::parse(&row.state).unwrap_or(RelayState::Waiting),
        position: row.position.into(),
        detail: row.detail,
        updated_at: row.updated_at.to_jiff(),
    });
    Ok(reports.collect())
}

/// Asks NATS for the last sequence of a stream. Returns `None` if the stream is unavailable.
pub(crate) async fn stream_position(jetstream: &jetstream::Context, name: &str) -> Option<Position> {
    let stream = jetstream.get_stream(name).await.ok()?;
    Some(Position(stream.cached_info().state.last_sequence))
}
