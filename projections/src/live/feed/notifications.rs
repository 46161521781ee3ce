//! Recipients of inbox events.

use domain::AccountId;
use domain::notifications::{Channel, InboxEvent};

use super::data::{
    DismissedNotificationData, NoData, PreferenceData, RaisedNotificationData, ReadNotificationsData,
};
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
            RaisedNotificationData { notification_id: notification_id.uuid(), kind: notice.kind().as_str() },
        ),
        InboxEvent::NotificationsRead { notification_ids, up_to } => {
            let notification_ids = notification_ids.iter().map(|id| id.uuid()).collect();
            FeedRecipients::only(account_id, ReadNotificationsData { notification_ids, up_to: *up_to })
        }
        InboxEvent::NotificationDismissed { notification_id } => {
            let notification_id = notification_id.uuid();
            FeedRecipients::only(account_id, DismissedNotificationData { notification_id })
        }
        InboxEvent::PreferencesChanged { kind, channel, .. } => {
            let (kind, channel) = (kind.as_str(), channel.as_str());
            FeedRecipients::only(account_id, PreferenceData { kind, channel })
        }
        InboxEvent::QuietHoursChanged { .. } => FeedRecipients::only(account_id, NoData {}),
        InboxEvent::NotificationDelivered { .. }
        | InboxEvent::NotificationDelayed { .. }
        | InboxEvent::NotificationNotDelivered { .. } => FeedRecipients::none(),
    }
}
