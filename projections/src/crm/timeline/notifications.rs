//! Timeline entries of inbox events: the kind of the notification, without the people in it.

use domain::notifications::InboxEvent;
use serde_json::{Value, json};

pub(super) fn inbox_params(event: &InboxEvent) -> Value {
    match event {
        InboxEvent::NotificationRaised { notification_id, notice, muted, .. } => {
            json!({ "notification_id": notification_id, "kind": notice.kind(), "muted": muted })
        }
        InboxEvent::NotificationDelivered { notification_id, channel } => {
            json!({ "notification_id": notification_id, "channel": channel })
        }
        InboxEvent::NotificationDelayed { notification_id, channel, wait } => json!({
            "notification_id": notification_id, "channel": channel, "until": wait.until, "cause": wait.cause,
        }),
        InboxEvent::NotificationNotDelivered { notification_id, channel, reason } => {
            json!({ "notification_id": notification_id, "channel": channel, "why": reason })
        }
        InboxEvent::NotificationsRead { notification_ids, up_to } => {
            json!({ "count": notification_ids.len(), "up_to": up_to })
        }
        InboxEvent::NotificationDismissed { notification_id } => {
            json!({ "notification_id": notification_id })
        }
        InboxEvent::PreferencesChanged { kind, channel, on } => {
            json!({ "kind": kind, "channel": channel, "on": on })
        }
        InboxEvent::QuietHoursChanged { quiet_hours } => json!({ "quiet_hours": quiet_hours }),
    }
}
