//! Invariants of an inbox: the unread and the delivered notifications equal a naive count.

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::Aggregate;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::fixtures::*;
use crate::notifications::{
    Channel, DelayCause, DeliveryDelay, Inbox, InboxCommand, InboxEvent, LocalTime, NewNotification,
    NonDelivery, NotificationContent, NotificationKind, Preference, QuietHours, Topic,
};
use crate::property_testing::{any_command, any_history, check_history};
use crate::{ConversationId, Decider, NotificationId};

#[derive(Clone, Debug)]
enum InboxAct {
    /// The same event may be delivered twice.
    Raise(u64, Option<u64>),
    ReadOne(u64),
    ReadUpTo(u64),
    ReadConversation(u64),
    Dismiss(u64),
    Deliver(u64),
    GiveUp(u64),
    Mute(bool, bool),
}

fn act() -> impl Strategy<Value = InboxAct> {
    let event = 1..30u64;
    prop_oneof![
        6 => (event.clone(), prop::option::of(1..4u64)).prop_map(|(n, talk)| InboxAct::Raise(n, talk)),
        2 => event.clone().prop_map(InboxAct::ReadOne),
        1 => event.clone().prop_map(InboxAct::ReadUpTo),
        1 => (1..4u64).prop_map(InboxAct::ReadConversation),
        1 => event.clone().prop_map(InboxAct::Dismiss),
        2 => event.clone().prop_map(InboxAct::Deliver),
        1 => event.prop_map(InboxAct::GiveUp),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(in_app, on)| InboxAct::Mute(in_app, on)),
    ]
}

fn notice(n: u64, talk: Option<u64>) -> NotificationContent {
    talk.map_or_else(security, |talk| message(talk, n))
}

/// Naive model of the raised notifications.
#[derive(Default)]
struct InboxRecount {
    order: Vec<NotificationId>,
    talks: BTreeMap<NotificationId, ConversationId>,
    hidden: BTreeSet<NotificationId>,
    done: BTreeSet<NotificationId>,
    outcomes: BTreeMap<NotificationId, usize>,
}

impl InboxRecount {
    fn note(&mut self, event: &InboxEvent) {
        match event {
            InboxEvent::NotificationRaised { notification_id, notice, muted, .. } => {
                self.order.push(*notification_id);
                if let NotificationContent::Message { conversation_id, .. } = notice {
                    self.talks.insert(*notification_id, *conversation_id);
                }
                if muted.contains(&Channel::InApp) {
                    self.hidden.insert(*notification_id);
                }
                let known = usize::from(muted.contains(&Channel::Email));
                self.outcomes.insert(*notification_id, known);
            }
            InboxEvent::NotificationsRead { notification_ids, up_to } => {
                self.done.extend(notification_ids);
                let last = usize::try_from(up_to.unwrap_or_default()).unwrap();
                self.done.extend(&self.order[..last]);
            }
            InboxEvent::NotificationDismissed { notification_id } => {
                self.done.insert(*notification_id);
            }
            InboxEvent::NotificationDelivered { notification_id, .. }
            | InboxEvent::NotificationNotDelivered { notification_id, .. } => {
                *self.outcomes.get_mut(notification_id).unwrap() += 1;
            }
            InboxEvent::NotificationDelayed { .. }
            | InboxEvent::PreferencesChanged { .. }
            | InboxEvent::QuietHoursChanged { .. } => {}
        }
    }
}

/// Returns the id of the notification that the n-th event may have raised.
fn ids(n: u64) -> Vec<NotificationId> {
    vec![id(n, &security()), id(n, &message(1, n))]
}

fn commands(act: &InboxAct) -> Vec<InboxCommand> {
    let channel = Channel::Email;
    match *act {
        InboxAct::Raise(n, talk) => vec![raise(n, notice(n, talk))],
        InboxAct::ReadOne(n) => vec![InboxCommand::ReadNotifications { notification_ids: ids(n) }],
        InboxAct::ReadUpTo(number) => vec![InboxCommand::ReadUpTo { number }],
        InboxAct::ReadConversation(talk) => {
            vec![InboxCommand::ReadTopic { topic: Topic::Conversation(ConversationId(uuid(talk))) }]
        }
        InboxAct::Dismiss(n) => ids(n)
            .into_iter()
            .map(|notification_id| InboxCommand::DismissNotification { notification_id })
            .collect(),
        InboxAct::Deliver(n) => vec![InboxCommand::RecordDelivery { notification_ids: ids(n), channel }],
        InboxAct::GiveUp(n) => ids(n)
            .into_iter()
            .map(|notification_id| InboxCommand::RecordNonDelivery {
                notification_id,
                channel,
                reason: NonDelivery::Failed,
            })
            .collect(),
        InboxAct::Mute(in_app, on) => {
            let channel = if in_app { Channel::InApp } else { Channel::Email };
            vec![InboxCommand::ChangePreferences(vec![Preference {
                kind: NotificationKind::Message,
                channel,
                on,
            }])]
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_told_twice_and_what_is_unread_is_right(acts in prop::collection::vec(act(), 0..80)) {
        let mut inbox = Inbox::default();
        let mut recount = InboxRecount::default();
        for command in acts.iter().flat_map(commands) {
            let Ok(events) = inbox.decide(&command, Timestamp::UNIX_EPOCH) else {
                let may_be_unknown = matches!(command, InboxCommand::DismissNotification { .. });
                prop_assert!(may_be_unknown, "{command:?} was refused");
                continue;
            };
            for event in events {
                recount.note(&event);
                inbox.apply(event);
            }
            let distinct: BTreeSet<_> = recount.order.iter().collect();
            prop_assert_eq!(distinct.len(), recount.order.len(), "raised twice");
            prop_assert_eq!(inbox.head, recount.order.len() as u64);
            let waits = |id: &&NotificationId| !recount.done.contains(id);
            let unread = recount.order.iter().filter(waits).filter(|id| !recount.hidden.contains(id)).count();
            prop_assert_eq!(inbox.unread(), unread);
            let talks: Vec<_> =
                recount.order.iter().filter(waits).filter_map(|id| recount.talks.get(id)).collect();
            let apart: BTreeSet<_> = talks.iter().collect();
            prop_assert_eq!(apart.len(), talks.len(), "two unread notifications of one conversation");
            prop_assert!(recount.outcomes.values().all(|known| *known <= 1), "two outcomes of one delivery");
        }
    }
}

fn any_inbox_command() -> impl Strategy<Value = InboxCommand> {
    let news = || (1..12u64, prop::option::of(1..4u64)).prop_map(|(n, talk)| new(n, notice(n, talk)));
    let one = || news().prop_map(|new| new.notification_id);
    let channel = || prop::sample::select(Channel::ALL);
    let wait = || {
        (0..90i64, prop::sample::select(DelayCause::ALL)).prop_map(|(minutes, cause)| DeliveryDelay {
            until: now() + SignedDuration::from_mins(minutes),
            cause,
        })
    };
    let preference = (prop::sample::select(NotificationKind::ALL), channel(), any::<bool>())
        .prop_map(|(kind, channel, on)| Preference { kind, channel, on });
    let hours = (0..24i8, 0..24i8).prop_map(|(from, to)| {
        let [from, to] = [from, to].map(|hour| LocalTime::parse(&format!("{hour:02}:00")).unwrap());
        QuietHours { from, to }
    });
    any_command!(InboxCommand {
        RaiseNotification: 6 => (news(), prop::option::of(wait())).prop_map(|(new, email_wait)| {
            InboxCommand::RaiseNotification(Box::new(NewNotification { email_wait, ..new }))
        }),
        RecordDelivery: 2 => (prop::collection::vec(one(), 0..3), channel()).prop_map(|(ids, channel)| {
            InboxCommand::RecordDelivery { notification_ids: ids, channel }
        }),
        DelayDelivery: 1 => (one(), channel(), wait()).prop_map(|(notification_id, channel, wait)| {
            InboxCommand::DelayDelivery { notification_id, channel, wait }
        }),
        RecordNonDelivery: 1 => (one(), channel(), prop::sample::select(NonDelivery::ALL)).prop_map(
            |(notification_id, channel, reason)| {
                InboxCommand::RecordNonDelivery { notification_id, channel, reason }
            }
        ),
        ReadNotifications: 1 => prop::collection::vec(one(), 0..3)
            .prop_map(|notification_ids| InboxCommand::ReadNotifications { notification_ids }),
        ReadUpTo: 1 => (0..12u64).prop_map(|number| InboxCommand::ReadUpTo { number }),
        ReadTopic: 1 => (1..4u64).prop_map(|talk| {
            InboxCommand::ReadTopic { topic: Topic::Conversation(ConversationId(uuid(talk))) }
        }),
        DismissNotification: 1 => one()
            .prop_map(|notification_id| InboxCommand::DismissNotification { notification_id }),
        ChangePreferences: 1 => prop::collection::vec(preference, 0..3)
            .prop_map(InboxCommand::ChangePreferences),
        ChangeQuietHours: 1 => prop::option::of(hours).prop_map(InboxCommand::ChangeQuietHours),
    })
}

proptest! {
    #[test]
    fn the_state_is_the_fold_of_the_events(steps in any_history(any_inbox_command(), 60)) {
        check_history::<Inbox>(now(), steps)?;
    }
}
