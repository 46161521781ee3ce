//! Recipients of inbox events.

use domain::AccountId;
use domain::notifications::{Channel, InboxEvent};
use serde_json::json;

use super::recipients::FeedRecipients;

/// Returns the owner of the inbox for changes of the inbox, its preferences and its quiet hours.
///
/// Deliveries over other channels have no recipient; a client can query them.
pub(super) fn recipients_of(account_id: AccountId, event: &InboxEvent) -> FeedRecipients {
    match event {
        InboxEvent::NotificationRaised { muted, .. } if muted.contains(&Channel::InApp) => {
            FeedRecipients::none()
        }
        InboxEvent::NotificationRaised { notification_id, notice, .. } => FeedRecipients::only(
            account_id,
            json!({ "notification_id": notification_id, "kind": notice.kind() }),
        ),
        InboxEvent::NotificationsRead { notification_ids, up_to } => {
            FeedRecipients::only(account_id, json!({ "notification_ids": notification_ids, "up_to": up_to }))
        }
        InboxEvent::NotificationDismissed { notification_id } => {
            FeedRecipients::only(account_id, json!({ "notification_id": notification_id }))
        }
        InboxEvent::PreferencesChanged { kind, channel, .. } => {
            FeedRecipients::only(account_id, json!({ "kind": kind, "channel": channel }))
        }
        InboxEvent::QuietHoursChanged { .. } => FeedRecipients::only(account_id, json!({})),
        InboxEvent::NotificationDelivered { .. }
        | InboxEvent::NotificationDelayed { .. }
        | InboxEvent::NotificationNotDelivered { .. } => FeedRecipients::none(),
    }
}
