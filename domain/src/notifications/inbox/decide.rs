//! Decides commands to an inbox.

use jiff::Timestamp;

use super::commands::{InboxCommand, NewNotification, Preference};
use super::error::InboxError;
use super::events::{DeliveryDelay, InboxEvent};
use super::inbox::{Inbox, InboxItem};
use crate::decider::{Decider, Decision};
use crate::ids::NotificationId;
use crate::notifications::kinds::{Channel, DelayCause};

impl Decider for Inbox {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &InboxCommand, now: Timestamp) -> Decision<Inbox> {
        match command {
            InboxCommand::RaiseNotification(new) => Ok(self.raise(new, now)),
            InboxCommand::RecordDelivery { notification_ids, channel } => {
                let due = notification_ids.iter().filter(|id| self.is_due(**id, *channel));
                let delivered = |id: &NotificationId| InboxEvent::NotificationDelivered {
                    notification_id: *id,
                    channel: *channel,
                };
                Ok(due.map(delivered).collect())
            }
            InboxCommand::DelayDelivery { notification_id, channel, wait } => {
                let is_news = |entry: &InboxItem| entry.wait != Some(*wait);
                let event = InboxEvent::NotificationDelayed {
                    notification_id: *notification_id,
                    channel: *channel,
                    wait: *wait,
                };
                let due = self.is_due(*notification_id, *channel);
                Ok(if due && self.entry(*notification_id).is_some_and(is_news) {
                    vec![event]
                } else {
                    vec![]
                })
            }
            InboxCommand::RecordNonDelivery { notification_id, channel, reason } => {
                let event = InboxEvent::NotificationNotDelivered {
                    notification_id: *notification_id,
                    channel: *channel,
                    reason: *reason,
                };
                Ok(if self.is_due(*notification_id, *channel) { vec![event] } else { vec![] })
            }
            InboxCommand::ReadNotifications { notification_ids } => {
                Ok(self.read(|entry| notification_ids.contains(&entry.notification_id)))
            }
            InboxCommand::ReadUpTo { number } => Ok(self.read_up_to(*number)),
            InboxCommand::ReadTopic { topic } => Ok(self.read(|entry| entry.topic == Some(*topic))),
            InboxCommand::DismissNotification { notification_id } => self.dismiss(*notification_id),
            InboxCommand::ChangePreferences(wanted) => self.change_preferences(wanted),
            InboxCommand::ChangeQuietHours(wanted) if self.quiet_hours == *wanted => Ok(vec![]),
            InboxCommand::ChangeQuietHours(wanted) => {
                Ok(vec![InboxEvent::QuietHoursChanged { quiet_hours: *wanted }])
            }
        }
    }
}

impl Inbox {
    fn raise(&self, new: &NewNotification, now: Timestamp) -> Vec<InboxEvent> {
        let NewNotification { notification_id, notice, cause, email_wait } = new;
        let topic = notice.topic();
        let stands_for_it = |entry: &InboxItem| topic.is_some() && entry.topic == topic && entry.is_new();
        if self.entry(*notification_id).is_some() || self.entries.values().any(stands_for_it) {
            return vec![];
        }
        let kind = notice.kind();
        let muted: Vec<_> =
            Channel::ALL.iter().copied().filter(|channel| !self.is_enabled(kind, *channel)).collect();
        let by_mail = !muted.contains(&Channel::Email);
        vec![InboxEvent::NotificationRaised {
            notification_id: *notification_id,
            number: self.head + 1,
            notice: notice.clone(),
            cause: *cause,
            muted,
            email_wait: email_wait.filter(|_| by_mail).map(|wait| self.joined(wait, now)),
        }]
    }

    /// Returns the delay of the digest that already waits, if this notification is for a digest.
    fn joined(&self, wanted: DeliveryDelay, now: Timestamp) -> DeliveryDelay {
        let gathered = |entry: &InboxItem| {
            let is_awaited = entry.is_new() && !entry.settled.contains(&Channel::Email);
            entry.wait.filter(|wait| is_awaited && wait.cause == DelayCause::Digest && now < wait.until)
        };
        match wanted.cause {
            DelayCause::Digest => self.entries.values().find_map(gathered).unwrap_or(wanted),
            DelayCause::QuietHours | DelayCause::MailServer => wanted,
        }
    }

    /// Returns whether the result of a delivery is still unknown.
    fn is_due(&self, notification_id: NotificationId, channel: Channel) -> bool {
        self.entry(notification_id).is_some_and(|entry| !entry.settled.contains(&channel))
    }

    fn read(&self, is_meant: impl Fn(&InboxItem) -> bool) -> Vec<InboxEvent> {
        let unread = self.entries.values().filter(|entry| entry.is_new() && is_meant(entry));
        let notification_ids: Vec<_> = unread.map(|entry| entry.notification_id).collect();
        if notification_ids.is_empty() {
            return vec![];
        }
        vec![InboxEvent::NotificationsRead { notification_ids, up_to: None }]
    }

    fn read_up_to(&self, number: u64) -> Vec<InboxEvent> {
        let last = number.min(self.head);
        let any = self.entries.range(..=last).any(|(_, entry)| entry.is_new());
        if !any {
            return vec![];
        }
        vec![InboxEvent::NotificationsRead { notification_ids: vec![], up_to: Some(last) }]
    }

    fn dismiss(&self, notification_id: NotificationId) -> Decision<Inbox> {
        match self.entry(notification_id) {
            None => Err(InboxError::NotFound),
            Some(entry) if entry.dismissed => Ok(vec![]),
            Some(_) => Ok(vec![InboxEvent::NotificationDismissed { notification_id }]),
        }
    }

    fn change_preferences(&self, wanted: &[Preference]) -> Decision<Inbox> {
        let mut after = self.muted.clone();
        let mut events = Vec::new();
        for Preference { kind, channel, on } in wanted.iter().copied() {
            if !on && kind.is_critical() {
                return Err(InboxError::CriticalKind { kind, channel });
            }
            let changed = if on { after.remove(&(kind, channel)) } else { after.insert((kind, channel)) };
            if changed {
                events.push(InboxEvent::PreferencesChanged { kind, channel, on });
            }
        }
        Ok(events)
    }
}
