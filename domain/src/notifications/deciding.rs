//! What an inbox decides: what is news, what goes by which channel, what is over.

use super::commands::{InboxCommand, NewNotification, Preference};
use super::error::InboxError;
use super::events::{InboxEvent, Wait};
use super::inbox::{Entry, Inbox};
use super::kinds::{Channel, DelayCause};
use crate::ids::NotificationId;
use jiff::Timestamp;

type Decided = Result<Vec<InboxEvent>, InboxError>;

pub(super) fn decide(inbox: &Inbox, command: &InboxCommand, now: Timestamp) -> Decided {
    match command {
        InboxCommand::RaiseNotification(new) => Ok(raise(inbox, new, now)),
        InboxCommand::RecordDelivery { notification_ids, channel } => {
            let due = notification_ids.iter().filter(|id| is_due(inbox, **id, *channel));
            let delivered = |id: &NotificationId| InboxEvent::NotificationDelivered {
                notification_id: *id,
                channel: *channel,
            };
            Ok(due.map(delivered).collect())
        }
        InboxCommand::DelayDelivery { notification_id, channel, wait } => {
            let is_news = |entry: &Entry| entry.wait != Some(*wait);
            let event = InboxEvent::NotificationDelayed {
                notification_id: *notification_id,
                channel: *channel,
                wait: *wait,
            };
            let due = is_due(inbox, *notification_id, *channel);
            Ok(if due && inbox.entry(*notification_id).is_some_and(is_news) { vec![event] } else { vec![] })
        }
        InboxCommand::RecordNonDelivery { notification_id, channel, reason } => {
            let event = InboxEvent::NotificationNotDelivered {
                notification_id: *notification_id,
                channel: *channel,
                reason: *reason,
            };
            Ok(if is_due(inbox, *notification_id, *channel) { vec![event] } else { vec![] })
        }
        InboxCommand::ReadNotifications { notification_ids } => {
            Ok(read(inbox, |entry| notification_ids.contains(&entry.notification_id)))
        }
        InboxCommand::ReadUpTo { number } => Ok(read_up_to(inbox, *number)),
        InboxCommand::ReadTopic { topic } => Ok(read(inbox, |entry| entry.topic == Some(*topic))),
        InboxCommand::DismissNotification { notification_id } => dismiss(inbox, *notification_id),
        InboxCommand::ChangePreferences(wanted) => change_preferences(inbox, wanted),
        InboxCommand::ChangeQuietHours(wanted) if inbox.quiet_hours == *wanted => Ok(vec![]),
        InboxCommand::ChangeQuietHours(wanted) => {
            Ok(vec![InboxEvent::QuietHoursChanged { quiet_hours: *wanted }])
        }
    }
}

fn raise(inbox: &Inbox, new: &NewNotification, now: Timestamp) -> Vec<InboxEvent> {
    let NewNotification { notification_id, notice, cause, email_wait } = new;
    let topic = notice.topic();
    let stands_for_it = |entry: &Entry| topic.is_some() && entry.topic == topic && entry.is_new();
    if inbox.entry(*notification_id).is_some() || inbox.entries.values().any(stands_for_it) {
        return vec![];
    }
    let kind = notice.kind();
    let muted: Vec<_> = Channel::ALL.iter().copied().filter(|channel| !inbox.is_on(kind, *channel)).collect();
    let by_mail = !muted.contains(&Channel::Email);
    vec![InboxEvent::NotificationRaised {
        notification_id: *notification_id,
        number: inbox.head + 1,
        notice: notice.clone(),
        cause: *cause,
        muted,
        email_wait: email_wait.filter(|_| by_mail).map(|wait| joined(inbox, wait, now)),
    }]
}

/// The digest that is being gathered, where this is for a digest.
fn joined(inbox: &Inbox, wanted: Wait, now: Timestamp) -> Wait {
    let gathered = |entry: &Entry| {
        let is_awaited = entry.is_new() && !entry.settled.contains(&Channel::Email);
        entry.wait.filter(|wait| is_awaited && wait.cause == DelayCause::Digest && now < wait.until)
    };
    match wanted.cause {
        DelayCause::Digest => inbox.entries.values().find_map(gathered).unwrap_or(wanted),
        DelayCause::QuietHours | DelayCause::MailServer => wanted,
    }
}

/// Whether it is still to be seen what becomes of a delivery.
fn is_due(inbox: &Inbox, notification_id: NotificationId, channel: Channel) -> bool {
    inbox.entry(notification_id).is_some_and(|entry| !entry.settled.contains(&channel))
}

fn read(inbox: &Inbox, is_meant: impl Fn(&Entry) -> bool) -> Vec<InboxEvent> {
    let unread = inbox.entries.values().filter(|entry| entry.is_new() && is_meant(entry));
    let notification_ids: Vec<_> = unread.map(|entry| entry.notification_id).collect();
    if notification_ids.is_empty() {
        return vec![];
    }
    vec![InboxEvent::NotificationsRead { notification_ids, up_to: None }]
}

fn read_up_to(inbox: &Inbox, number: u64) -> Vec<InboxEvent> {
    let last = number.min(inbox.head);
    let any = inbox.entries.range(..=last).any(|(_, entry)| entry.is_new());
    if !any {
        return vec![];
    }
    vec![InboxEvent::NotificationsRead { notification_ids: vec![], up_to: Some(last) }]
}

fn dismiss(inbox: &Inbox, notification_id: NotificationId) -> Decided {
    match inbox.entry(notification_id) {
        None => Err(InboxError::NotFound),
        Some(entry) if entry.dismissed => Ok(vec![]),
        Some(_) => Ok(vec![InboxEvent::NotificationDismissed { notification_id }]),
    }
}

fn change_preferences(inbox: &Inbox, wanted: &[Preference]) -> Decided {
    let mut after = inbox.muted.clone();
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
