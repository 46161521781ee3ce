//! `GET /notification-preferences/quiet-hours`: returns the caller's quiet hours.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::notifications::Inbox;

use super::view::QuietHoursView;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Returns the caller's quiet hours; null if not set.
#[utoipa::path(
    get,
    path = "/notification-preferences/quiet-hours",
    tag = "notifications",
    responses((status = 200, body = Option<QuietHoursView>)),
)]
pub async fn get_quiet_hours(
    State(app): State<AppState>,
    caller: Caller,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let inbox = app.bus.load::<Inbox>(caller.account_id).await?;
    let hours = inbox.state.quiet_hours.map(QuietHoursView::from_hours);
    Ok((LogPosition(inbox.position), ETag(inbox.version), axum::Json(hours)))
}
