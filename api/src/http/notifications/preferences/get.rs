//! `GET /notification-preferences`: returns the caller's preferences.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::notifications::Inbox;

use super::view::{PreferenceView, list_preferences};
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Returns the caller's preferences.
///
/// The list has every kind with every channel. `PUT` accepts the same list.
#[utoipa::path(
    get,
    path = "/notification-preferences",
    tag = "notifications",
    responses((status = 200, body = Vec<PreferenceView>)),
)]
pub async fn get_notification_preferences(
    State(app): State<AppState>,
    caller: Caller,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let inbox = app.bus.load::<Inbox>(caller.account_id).await?;
    Ok((LogPosition(inbox.position), ETag(inbox.version), axum::Json(list_preferences(&inbox.state))))
}
