//! What a person is told of the events of their inbox.

use domain::AccountId;
use domain::notifications::{Channel, InboxEvent};
use serde_json::json;

use super::told::Told;

/// What is in the inbox and what became of it there. Where else it went is not told: it can be asked.
pub(super) fn tell(account_id: AccountId, event: &InboxEvent) -> Told {
    match event {
        InboxEvent::NotificationRaised { muted, .. } if muted.contains(&Channel::InApp) => Told::nobody(),
        InboxEvent::NotificationRaised { notification_id, notice, .. } => {
            Told::only(account_id, json!({ "notification_id": notification_id, "kind": notice.kind() }))
        }
        InboxEvent::NotificationsRead { notification_ids, up_to } => {
            Told::only(account_id, json!({ "notification_ids": notification_ids, "up_to": up_to }))
        }
        InboxEvent::NotificationDismissed { notification_id } => {
            Told::only(account_id, json!({ "notification_id": notification_id }))
        }
        InboxEvent::PreferencesChanged { kind, channel, .. } => {
            Told::only(account_id, json!({ "kind": kind, "channel": channel }))
        }
        InboxEvent::QuietHoursChanged { .. } => Told::only(account_id, json!({})),
        InboxEvent::NotificationDelivered { .. }
        | InboxEvent::NotificationDelayed { .. }
        | InboxEvent::NotificationNotDelivered { .. } => Told::nobody(),
    }
}
