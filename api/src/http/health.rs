//! Liveness and readiness of this OS process, and its metrics on a listener of their own.

use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use domain::Reason;
use serde_json::json;

use super::gauges;
use super::problem::Problem;
use crate::app::AppState;

/// Maximum duration of one check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// `/health/live` and `/health/ready`: at the root, outside the API document.
pub fn routes() -> Router<AppState> {
    Router::new().route("/health/live", get(live)).route("/health/ready", get(ready))
}

/// `/metrics`, for the listener `listen.metrics`.
pub fn metrics_routes() -> Router<AppState> {
    Router::new().route("/metrics", get(metrics))
}

async fn live() -> impl IntoResponse {
    Json(json!({ "status": "live" }))
}

async fn ready(State(app): State<AppState>) -> Result<impl IntoResponse, Problem> {
    let mut reasons = Vec::new();
    if app.stopping.is_cancelled() {
        reasons.push(Reason::rule("stopping"));
    }
    let writable = sqlx::query_scalar!(
        r#"select not pg_is_in_recovery() and not current_setting('transaction_read_only')::bool as "writable!""#
    );
    let ask = writable.fetch_one(&app.pool);
    match tokio::time::timeout(CHECK_TIMEOUT, ask).await {
        Ok(Ok(true)) => {}
        Ok(Ok(false)) => reasons.push(Reason::rule("postgres").with("state", "read-only")),
        Ok(Err(_)) => reasons.push(Reason::rule("postgres").with("state", "not reachable")),
        Err(_) => reasons.push(Reason::rule("postgres").with("state", "no answer")),
    }
    for check in &app.checks {
        let state = match tokio::time::timeout(CHECK_TIMEOUT, check.check()).await {
            Ok(Ok(())) => continue,
            Ok(Err(state)) => state,
            Err(_) => "no answer".to_owned(),
        };
        reasons.push(Reason::rule(check.name()).with("state", state));
    }
    if reasons.is_empty() {
        return Ok(Json(json!({ "status": "ready" })));
    }
    Err(Problem { reasons, ..Problem::new("not_ready").retry_after(Duration::from_secs(2)) })
}

async fn metrics(State(app): State<AppState>) -> impl IntoResponse {
    gauges::measure(&app).await;
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
}
