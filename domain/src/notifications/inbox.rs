//! An inbox as it stands: what is in it, what was read, what its person wants to be told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::InboxCommand;
use super::error::InboxError;
use super::events::{InboxEvent, Wait};
use super::kinds::{Channel, NotificationKind};
use super::notice::Topic;
use super::quiet_hours::QuietHours;
use super::{INBOX_MAX, deciding};
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::NotificationId;

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

    fn change(&mut self, notification_id: NotificationId, change: impl FnOnce(&mut Entry)) {
        let found = self.entries.values_mut().rev().find(|entry| entry.notification_id == notification_id);
        if let Some(entry) = found {
            change(entry);
        }
    }
}

impl Decider for Inbox {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &InboxCommand, now: Timestamp) -> Result<Vec<InboxEvent>, InboxError> {
        deciding::decide(self, command, now)
    }
}

impl Aggregate for Inbox {
    const TYPE: &'static str = "Inbox";
    type Command = InboxCommand;
    type Event = InboxEvent;
    type Error = InboxError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: InboxCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), InboxError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: InboxEvent) {
        match event {
            InboxEvent::NotificationRaised { notification_id, number, notice, muted, email_wait, .. } => {
                let shown = !muted.contains(&Channel::InApp);
                let settled = [Channel::InApp].into_iter().chain(muted).collect();
                let (topic, wait) = (notice.topic(), email_wait);
                let entry =
                    Entry { notification_id, topic, shown, read: false, dismissed: false, wait, settled };
                self.head = number;
                self.entries.insert(number, entry);
                while self.entries.first_key_value().is_some_and(|(first, _)| first + INBOX_MAX <= number) {
                    self.entries.pop_first();
                }
            }
            InboxEvent::NotificationDelivered { notification_id, channel }
            | InboxEvent::NotificationNotDelivered { notification_id, channel, .. } => {
                self.change(notification_id, |entry| {
                    entry.settled.insert(channel);
                });
            }
            InboxEvent::NotificationDelayed { notification_id, wait, .. } => {
                self.change(notification_id, |entry| entry.wait = Some(wait));
            }
            InboxEvent::NotificationsRead { notification_ids, up_to } => {
                let last = up_to.unwrap_or_default();
                for (number, entry) in &mut self.entries {
                    entry.read |= *number <= last || notification_ids.contains(&entry.notification_id);
                }
            }
            InboxEvent::NotificationDismissed { notification_id } => {
                self.change(notification_id, |entry| entry.dismissed = true);
            }
            InboxEvent::PreferencesChanged { kind, channel, on: true } => {
                self.muted.remove(&(kind, channel));
            }
            InboxEvent::PreferencesChanged { kind, channel, on: false } => {
                self.muted.insert((kind, channel));
            }
            InboxEvent::QuietHoursChanged { quiet_hours } => self.quiet_hours = quiet_hours,
        }
    }
}
