//! `POST /notifications/read`: marks notifications as read.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::notifications::InboxCommand;
use domain::{Command, Dispatch, NotificationId};
use projections::notifications::find_notification_number;
use serde::Deserialize;

use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{LogPosition, MinPosition};
use crate::http::problem::Problem;

/// Longest list of ids; one page shows as many notifications.
const IDS_MAX: usize = 100;

/// Notifications to mark as read: either `ids` or `up_to`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadNotificationsRequest {
    /// Ids that are not in the caller's inbox are ignored.
    #[schema(value_type = Option<Vec<Uuid>>, max_items = 100)]
    ids: Option<Vec<NotificationId>>,
    /// Newest notification that was read; all earlier ones are marked too.
    #[schema(value_type = Option<Uuid>)]
    up_to: Option<NotificationId>,
}

/// Marks notifications of the caller as read.
///
/// Refusals: 404 `notification_not_found`.
#[utoipa::path(
    post,
    path = "/notifications/read",
    tag = "notifications",
    request_body = ReadNotificationsRequest,
    params(MinPosition, Invocation), responses((status = 204)),
)]
pub async fn mark_notifications_read(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    fresh: MinPosition,
    Json(read): Json<ReadNotificationsRequest>,
) -> Result<impl IntoResponse, Problem> {
    let command = match read {
        ReadNotificationsRequest { ids: Some(ids), up_to: None } if ids.len() > IDS_MAX => {
            return Err(Problem::field("/ids", "too_many"));
        }
        ReadNotificationsRequest { ids: Some(notification_ids), up_to: None } => {
            InboxCommand::ReadNotifications { notification_ids }
        }
        ReadNotificationsRequest { ids: None, up_to: Some(id) } => {
            fresh.wait_for(&app, &["notifications"]).await?;
            let number = find_notification_number(&app.pool, caller.account_id, id).await?;
            InboxCommand::ReadUpTo { number: number.ok_or_else(|| Problem::new("notification_not_found"))? }
        }
        ReadNotificationsRequest { ids: None, up_to: None } => {
            return Err(Problem::field("/ids", "required"));
        }
        ReadNotificationsRequest { ids: Some(_), up_to: Some(_) } => {
            return Err(Problem::field("/up_to", "not_both"));
        }
    };
    let receipt = app.bus.dispatch(Command::Inbox(caller.account_id, command), invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
