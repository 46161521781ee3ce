//! Tests of preferences, and of kinds that cannot be switched off.

use super::fixtures::*;
use crate::notifications::{
    Channel, DelayCause, DeliveryDelay, InboxCommand, InboxEvent, LocalTime, NewNotification,
    NotificationKind, Preference, QuietHours,
};

fn preference(kind: NotificationKind, channel: Channel, on: bool) -> Preference {
    Preference { kind, channel, on }
}

fn changed(kind: NotificationKind, channel: Channel, on: bool) -> InboxEvent {
    InboxEvent::PreferencesChanged { kind, channel, on }
}

#[test]
fn only_what_changes_is_an_event() {
    let all: Vec<_> = NotificationKind::ALL
        .iter()
        .flat_map(|kind| Channel::ALL.iter().map(|channel| preference(*kind, *channel, true)))
        .collect();
    given(vec![]).when(InboxCommand::ChangePreferences(all)).then_expect_events(vec![]);
    let off = preference(NotificationKind::Message, Channel::Email, false);
    let event = changed(NotificationKind::Message, Channel::Email, false);
    given(vec![])
        .when(InboxCommand::ChangePreferences(vec![off, off]))
        .then_expect_events(vec![event.clone()]);
    given(vec![event]).when(InboxCommand::ChangePreferences(vec![off])).then_expect_events(vec![]);
}

#[test]
fn critical_kinds_can_not_be_muted() {
    for kind in [
        NotificationKind::Security,
        NotificationKind::LessonCancelled,
        NotificationKind::LessonMoved,
        NotificationKind::LessonPlaceChanged,
    ] {
        for channel in Channel::ALL {
            let wanted = vec![
                preference(NotificationKind::Review, *channel, false),
                preference(kind, *channel, false),
            ];
            assert_eq!(refused(vec![], InboxCommand::ChangePreferences(wanted)), "critical_kind");
        }
    }
}

#[test]
fn what_is_muted_is_raised_and_says_so() {
    let off = vec![changed(NotificationKind::Message, Channel::Email, false)];
    let digest = NewNotification {
        email_wait: Some(DeliveryDelay { until: now(), cause: DelayCause::Digest }),
        ..new(1, message(7, 1))
    };
    given(off.clone())
        .when(InboxCommand::RaiseNotification(Box::new(digest)))
        .then_expect_events(vec![raised_muted(1, 1, message(7, 1), vec![Channel::Email])]);
    let on_again = [off, vec![changed(NotificationKind::Message, Channel::Email, true)]].concat();
    given(on_again).when(raise(1, message(7, 1))).then_expect_events(vec![raised(1, 1, message(7, 1))]);
}

#[test]
fn quiet_hours_are_changed_and_given_up() {
    let hours =
        QuietHours::between(LocalTime::parse("22:00").unwrap(), LocalTime::parse("08:00").unwrap()).unwrap();
    let event = |quiet_hours| InboxEvent::QuietHoursChanged { quiet_hours };
    let command = InboxCommand::ChangeQuietHours;
    given(vec![]).when(command(None)).then_expect_events(vec![]);
    given(vec![]).when(command(Some(hours))).then_expect_events(vec![event(Some(hours))]);
    given(vec![event(Some(hours))]).when(command(Some(hours))).then_expect_events(vec![]);
    given(vec![event(Some(hours))]).when(command(None)).then_expect_events(vec![event(None)]);
}
