//! `GET /admin/system`: version of the program, and status of its servers.

use axum::Json as Answer;
use axum::extract::State;
use domain::{EventLog, Position};
use jiff::Timestamp;
use serde::Serialize;

use crate::app::AppState;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Version, clock, log position, and status of Postgres and NATS.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SystemStatus {
    version: &'static str,
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
    /// Position of the last committed event.
    #[schema(value_type = u64)]
    log_position: Position,
    postgres_version: String,
    /// Size of the whole database in bytes.
    database_bytes: i64,
    /// `connected`, `pending` or `disconnected`; `none` if this OS process runs no subscriptions.
    nats: String,
}

/// Returns the version and the status of the servers.
#[utoipa::path(get, path = "/admin/system", tag = "admin", responses((status = 200, body = SystemStatus)))]
pub async fn get_system(
    State(app): State<AppState>,
    _: Query<NoFilter>,
) -> Result<Answer<SystemStatus>, Problem> {
    let row = sqlx::query!(
        r#"select current_setting('server_version') as "version!", pg_database_size(current_database()) as "bytes!""#
    )
    .fetch_one(&app.pool)
    .await?;
    let log_position = app.bus.log().head().await.map_err(|_| Problem::unavailable())?;
    let nats = app.projections.nats();
    Ok(Answer(SystemStatus {
        version: env!("CARGO_PKG_VERSION"),
        now: app.clock.now(),
        log_position,
        postgres_version: row.version,
        database_bytes: row.bytes,
        nats: nats.map_or_else(|| "none".to_owned(), |client| client.connection_state().to_string()),
    }))
}
