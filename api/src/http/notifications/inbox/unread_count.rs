//! `GET /notifications/unread-count`: counts the caller's unread notifications.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use projections::notifications::{NotificationFilter, count_notifications};
use serde::Serialize;

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Number of unread notifications.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnreadCount {
    count: u64,
}

/// Counts the caller's unread notifications.
#[utoipa::path(
    get,
    path = "/notifications/unread-count",
    tag = "notifications",
    params(MinPosition),
    responses((status = 200, body = UnreadCount)),
)]
pub async fn count_unread_notifications(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, &["notifications"]).await?;
    let filter = NotificationFilter { unread: true, muted: false };
    let count = count_notifications(&app.pool, caller.account_id, filter).await?;
    Ok(Json(UnreadCount { count }))
}
