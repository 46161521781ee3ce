//! State of an inbox: its notifications, the read ones, and the enabled channels.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::events::DeliveryDelay;
use crate::ids::NotificationId;
use crate::notifications::kinds::{Channel, NotificationKind};
use crate::notifications::notice::Topic;
use crate::notifications::quiet_hours::QuietHours;

/// Inbox of one account; it exists from the beginning, empty. Its size is bounded: the content of a
/// notification is in the log, and the oldest are removed when there are more than [`INBOX_MAX`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    /// Number of the last notification; 0 before the first.
    pub head: u64,
    /// Notifications by number.
    pub entries: BTreeMap<u64, InboxItem>,
    /// Kinds and channels that the person has switched off.
    pub muted: BTreeSet<(NotificationKind, Channel)>,
    pub quiet_hours: Option<QuietHours>,
}

/// Notification in an inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InboxItem {
    pub notification_id: NotificationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// `true` if the person had this kind switched on in the app.
    pub shown: bool,
    pub read: bool,
    pub dismissed: bool,
    /// Delay of the e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<DeliveryDelay>,
    /// Channels with a known result of the delivery.
    pub settled: BTreeSet<Channel>,
}

impl InboxItem {
    /// Returns whether the person has neither read nor dismissed it, in the app or elsewhere.
    pub fn is_new(&self) -> bool {
        !self.read && !self.dismissed
    }

    /// Returns whether it is unread in the app.
    pub fn is_unread(&self) -> bool {
        self.shown && self.is_new()
    }
}

impl Inbox {
    /// Returns whether a kind goes by a channel.
    pub fn is_enabled(&self, kind: NotificationKind, channel: Channel) -> bool {
        !self.muted.contains(&(kind, channel))
    }

    pub fn entry(&self, notification_id: NotificationId) -> Option<&InboxItem> {
        self.entries.values().rev().find(|entry| entry.notification_id == notification_id)
    }

    /// Returns the number of unread notifications in the app.
    pub fn unread(&self) -> usize {
        self.entries.values().filter(|entry| entry.is_unread()).count()
    }
}
