//! Applies events to an inbox; cannot fail and holds no rule.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::commands::InboxCommand;
use super::error::InboxError;
use super::events::InboxEvent;
use super::inbox::{Inbox, InboxItem};
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::NotificationId;
use crate::notifications::kinds::Channel;
use crate::notifications::limits::INBOX_MAX;

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
                    InboxItem { notification_id, topic, shown, read: false, dismissed: false, wait, settled };
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

impl Inbox {
    fn change(&mut self, notification_id: NotificationId, change: impl FnOnce(&mut InboxItem)) {
        let found = self.entries.values_mut().rev().find(|entry| entry.notification_id == notification_id);
        if let Some(entry) = found {
            change(entry);
        }
    }
}
