//! `GET /notifications/{id}/deliveries`: lists the deliveries of a notification.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::NotificationId;
use domain::notifications::Channel;
use jiff::Timestamp;
use projections::notifications::deliveries;
use serde::Serialize;

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Page, PageInfo, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Delivery of a notification by one channel.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Delivery)]
pub struct DeliveryView {
    /// `in_app` or `email`.
    channel: &'static str,
    /// `waiting`, `delivered` or `not_delivered`.
    state: String,
    /// Reason of the state.
    ///
    /// `waiting`: `digest`, `quiet_hours` or `mail_server`. `not_delivered`: `muted`, `quiet_hours`,
    /// `already_read`, `unverified`, `too_late`, `no_address`, `suspended` or `failed`.
    reason: Option<String>,
    /// Time until which the delivery waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Time at which the state was recorded.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Lists the deliveries of a notification of the caller.
///
/// Refusals: 404 `notification_not_found`.
#[utoipa::path(
    get,
    path = "/notifications/{id}/deliveries",
    tag = "notifications",
    params(MinPosition, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Page<DeliveryView>)),
)]
pub async fn list_notification_deliveries(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    Path(id): Path<NotificationId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, &["notifications"]).await?;
    let found = deliveries(&app.pool, caller.account_id, id).await?;
    let found = found.ok_or_else(|| Problem::new("notification_not_found"))?;
    let is_muted = found.muted.iter().any(|channel| channel == Channel::InApp.as_str());
    let in_app = DeliveryView {
        channel: Channel::InApp.as_str(),
        state: if is_muted { "not_delivered" } else { "delivered" }.to_owned(),
        reason: is_muted.then(|| "muted".to_owned()),
        until: None,
        at: Some(found.raised_at),
    };
    let email = DeliveryView {
        channel: Channel::Email.as_str(),
        state: found.email.state,
        reason: found.email.reason,
        until: found.email.until,
        at: found.email.at,
    };
    let page = PageInfo { next_cursor: None, has_more: false, total: None };
    Ok(Json(Page { data: vec![in_app, email], page }))
}
