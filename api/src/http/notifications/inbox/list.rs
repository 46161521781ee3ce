//! `GET /notifications`: lists the caller's notifications.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::NotificationId;
use domain::accounts::TimeZoneName;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use projections::notifications::{
    NotificationFilter, NotificationRow, NotificationText, Recipient, count_notifications, notification_text,
    notifications,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::AppState;
use crate::http::accounts::view::strip_personal_marks;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{CountedListQuery, CountedPageParams, Page, parse_choice};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Filter of notifications.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NotificationsQuery {
    /// `true`: only unread notifications; `?unread` without a value means the same.
    unread: Option<String>,
    /// `true`: only notifications that are hidden because their kind is switched off for the app.
    muted: Option<String>,
}

/// Notification. Texts are in the language of `Accept-Language`, times in the time zone of the caller.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Notification)]
pub struct NotificationView {
    #[schema(value_type = Uuid)]
    id: NotificationId,
    /// `lesson_booked`, `lesson_cancelled`, `lesson_moved`, `lesson_place_changed`, `lesson_reminder`,
    /// `reschedule`, `review`, `no_show_proposed`, `request_offered`, `request_matched`, `request_declined`,
    /// `request_accepted`, `request_expired`, `waitlist_offer`, `message`, `ticket_reply`, `ticket_status`,
    /// `crm_sync` or `security`.
    kind: String,
    title: String,
    body: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    read_at: Option<Timestamp>,
    /// Ids, codes and instants of the subject; for `lesson_place_changed` also its places.
    #[schema(value_type = Object)]
    data: Value,
}

/// Lists the caller's notifications, newest first.
///
/// Dismissed notifications are left out.
#[utoipa::path(
    get,
    path = "/notifications",
    tag = "notifications",
    params(MinPosition, NotificationsQuery, CountedPageParams),
    responses((status = 200, body = Page<NotificationView>)),
)]
pub async fn list_notifications(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    query: CountedListQuery<NotificationsQuery>,
) -> Result<impl IntoResponse, Problem> {
    let filter = NotificationFilter {
        unread: parse_flag("unread", query.filter.unread.as_deref())?,
        muted: parse_flag("muted", query.filter.muted.as_deref())?,
    };
    fresh.wait_for(&app, &["notifications", "directory"]).await?;
    let person = caller.account_id;
    let page = notifications(&app.pool, person, filter, query.parse_cursor()?, query.limit).await?;
    let total = match query.with_total {
        true => Some(count_notifications(&app.pool, person, filter).await?),
        false => None,
    };
    let zone = caller.person.profile.time_zone.as_ref().map_or(TimeZone::UTC, TimeZoneName::zone);
    let reader = Recipient { person, locale: request.language, zone };
    Ok(Json(
        Page::from_read_model(page).map(|row| NotificationView::from_row(row, &reader)).with_total(total),
    ))
}

/// Parses a flag: absent is `false`; without a value it is `true`.
fn parse_flag(name: &str, text: Option<&str>) -> Result<bool, Problem> {
    let parse = |text: &str| match text {
        "" | "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    Ok(parse_choice(name, text, parse)?.unwrap_or(false))
}

/// Returns the data without the marks of personal values, and without erased values.
fn shown_data(data: Value) -> Value {
    let mut shown = strip_personal_marks(data);
    if let Value::Object(fields) = &mut shown {
        fields.retain(|_, value| !value.is_null());
    }
    shown
}

impl NotificationView {
    fn from_row(row: NotificationRow, reader: &Recipient) -> Self {
        let NotificationText { title, body } = notification_text(&row.notice, &row.names, reader);
        Self {
            id: row.notification_id,
            kind: row.kind,
            title,
            body,
            created_at: row.raised_at,
            read_at: row.read_at,
            data: shown_data(row.data),
        }
    }
}
