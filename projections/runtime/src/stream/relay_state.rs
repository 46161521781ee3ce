//! What the relay says about itself, here and to other processes.

use async_nats::jetstream;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgPool, Row};

/// What the relay is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayState {
    /// Another process publishes.
    Standby,
    /// NATS or the log is away; trying again.
    Waiting,
    /// Everything committed is published, or on its way.
    Running,
    /// The stream holds what the log does not: the log was restored to an earlier point, or somebody
    /// else writes into the stream. A person has to decide; deleting the stream heals.
    Diverged,
    /// The stream is kept in another way than asked for, or an event can not be sent.
    Refused,
}

impl RelayState {
    pub fn as_str(self) -> &'static str {
        match self {
            RelayState::Standby => "standby",
            RelayState::Waiting => "waiting",
            RelayState::Running => "running",
            RelayState::Diverged => "diverged",
            RelayState::Refused => "refused",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "running" => RelayState::Running,
            "diverged" => RelayState::Diverged,
            "refused" => RelayState::Refused,
            "standby" => RelayState::Standby,
            _ => RelayState::Waiting,
        }
    }
}

/// The relay of one stream.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RelayReport {
    pub stream: String,
    pub state: RelayState,
    /// Last position known to be in the stream.
    pub position: u64,
    /// What is wrong, when something is.
    pub detail: Option<String>,
    pub updated_at: Timestamp,
}

/// Writes down what the leading relay says, for `GET /admin/projections` of any process.
pub(super) async fn save_report(pool: &PgPool, report: &RelayReport) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into projection.relays (stream, state, position, detail, updated_at)
         values ($1, $2, $3, $4, $5)
         on conflict (stream) do update
         set state = excluded.state, position = excluded.position, detail = excluded.detail,
             updated_at = excluded.updated_at",
    )
    .bind(&report.stream)
    .bind(report.state.as_str())
    .bind(report.position.cast_signed())
    .bind(&report.detail)
    .bind(report.updated_at.to_sqlx())
    .execute(pool)
    .await
    .map(|_| ())
}

/// What the leading relays last said.
pub(crate) async fn load_reports(pool: &PgPool) -> Result<Vec<RelayReport>, sqlx::Error> {
    let rows = sqlx::query(
        "select stream, state, position, detail, updated_at from projection.relays order by stream",
    )
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(RelayReport {
                stream: row.try_get("stream")?,
                state: RelayState::parse(row.try_get("state")?),
                position: row.try_get::<i64, _>("position")?.cast_unsigned(),
                detail: row.try_get("detail")?,
                updated_at: row.try_get::<jiff_sqlx::Timestamp, _>("updated_at")?.to_jiff(),
            })
        })
        .collect()
}

/// The last sequence of a stream as NATS tells it now.
pub(crate) async fn stream_position(jetstream: &jetstream::Context, name: &str) -> Option<u64> {
    let stream = jetstream.get_stream(name).await.ok()?;
    Some(stream.cached_info().state.last_sequence)
}
