//! State of an inbox: its notifications, what was read, and which channels are on.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::events::Wait;
use crate::ids::NotificationId;
use crate::notifications::kinds::{Channel, NotificationKind};
use crate::notifications::notice::Topic;
use crate::notifications::quiet_hours::QuietHours;

/// The inbox of one account; there from the beginning, empty. It does not grow without end: the facts of
/// a notification are in the log, and the oldest leave when there are more than [`INBOX_MAX`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    /// The number of the last notification; 0 before the first.
    pub head: u64,
    /// By number.
    pub entries: BTreeMap<u64, Entry>,
    /// What was switched off.
    pub muted: BTreeSet<(NotificationKind, Channel)>,
    pub quiet_hours: Option<QuietHours>,
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub notification_id: NotificationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// Whether the person wanted to see this kind in the app.
    pub shown: bool,
    pub read: bool,
    pub dismissed: bool,
    /// What its mail waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Wait>,
    /// Channels of which it is known what became of the delivery.
    pub settled: BTreeSet<Channel>,
}

impl Entry {
    /// Whether the person has not dealt with it, in the app or elsewhere.
    pub fn is_new(&self) -> bool {
        !self.read && !self.dismissed
    }

    /// Whether it asks for the person's attention in the app.
    pub fn is_unread(&self) -> bool {
        self.shown && self.is_new()
    }
}

impl Inbox {
    /// Whether a kind goes by a channel.
    pub fn is_on(&self, kind: NotificationKind, channel: Channel) -> bool {
        !self.muted.contains(&(kind, channel))
    }

    pub fn entry(&self, notification_id: NotificationId) -> Option<&Entry> {
        self.entries.values().rev().find(|entry| entry.notification_id == notification_id)
    }

    /// How many ask for the person's attention.
    pub fn unread(&self) -> usize {
        self.entries.values().filter(|entry| entry.is_unread()).count()
    }
}
