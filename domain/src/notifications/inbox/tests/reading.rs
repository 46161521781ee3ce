//! Tests of raising once, topics, reading and dismissing.

use cqrs_es::Aggregate;

use super::fixtures::*;
use crate::notifications::limits::INBOX_MAX;
use crate::notifications::{Channel, Inbox, InboxCommand, InboxEvent, Topic};
use crate::{ConversationId, NotificationId};

fn dismissed(notification_id: NotificationId) -> InboxEvent {
    InboxEvent::NotificationDismissed { notification_id }
}

fn dismiss(notification_id: NotificationId) -> InboxCommand {
    InboxCommand::DismissNotification { notification_id }
}

#[test]
fn news_of_one_event_is_raised_once() {
    given(vec![]).when(raise(1, security())).then_expect_events(vec![raised(1, 1, security())]);
    given(vec![raised(1, 1, security())]).when(raise(1, security())).then_expect_events(vec![]);
    let read = vec![raised(1, 1, security()), read_up_to(1)];
    given(read).when(raise(1, security())).then_expect_events(vec![]);
    let other = vec![raised(2, 2, security())];
    given(vec![raised(1, 1, security())]).when(raise(2, security())).then_expect_events(other);
}

#[test]
fn a_conversation_has_one_unread_notification() {
    let first = raised(1, 1, message(7, 1));
    given(vec![first.clone()]).when(raise(2, message(7, 2))).then_expect_events(vec![]);
    let of_another = vec![raised(2, 2, message(8, 2))];
    given(vec![first.clone()]).when(raise(2, message(8, 2))).then_expect_events(of_another);
    let again = vec![raised(2, 2, message(7, 2))];
    given(vec![first.clone(), read_up_to(1)]).when(raise(2, message(7, 2))).then_expect_events(again.clone());
    let away = dismissed(id(1, &message(7, 1)));
    given(vec![first, away]).when(raise(2, message(7, 2))).then_expect_events(again);
}

#[test]
fn what_is_muted_in_the_app_stands_for_its_conversation_too() {
    let first = raised_muted(1, 1, message(7, 1), vec![Channel::InApp]);
    given(vec![first]).when(raise(2, message(7, 2))).then_expect_events(vec![]);
}

#[test]
fn reading_a_conversation_reads_its_notification() {
    let topic = Topic::Conversation(ConversationId(uuid(7)));
    let events = vec![raised(1, 1, message(7, 1)), raised(2, 2, message(8, 2)), raised(3, 3, security())];
    let read = read_ids(&[id(1, &message(7, 1))]);
    given(events.clone()).when(InboxCommand::ReadTopic { topic }).then_expect_events(vec![read.clone()]);
    given([events, vec![read]].concat()).when(InboxCommand::ReadTopic { topic }).then_expect_events(vec![]);
}

#[test]
fn only_what_is_there_and_unread_is_read() {
    let (first, second) = (id(1, &security()), id(2, &security()));
    let events = vec![raised(1, 1, security()), raised(2, 2, security()), read_ids(&[first])];
    let ask = |notification_ids| InboxCommand::ReadNotifications { notification_ids };
    let somebody_elses = id(9, &security());
    given(events.clone())
        .when(ask(vec![first, second, somebody_elses]))
        .then_expect_events(vec![read_ids(&[second])]);
    given(events.clone()).when(ask(vec![somebody_elses])).then_expect_events(vec![]);
    given(events.clone()).when(InboxCommand::ReadUpTo { number: 99 }).then_expect_events(vec![read_up_to(2)]);
    given(events).when(InboxCommand::ReadUpTo { number: 1 }).then_expect_events(vec![]);
}

#[test]
fn what_is_dismissed_is_gone_once() {
    let first = id(1, &security());
    let events = vec![raised(1, 1, security())];
    given(events.clone()).when(dismiss(first)).then_expect_events(vec![dismissed(first)]);
    given([events.clone(), vec![dismissed(first)]].concat()).when(dismiss(first)).then_expect_events(vec![]);
    assert_eq!(refused(events, dismiss(id(2, &security()))), "notification_not_found");
}

#[test]
fn the_oldest_leave_a_full_inbox() {
    let mut inbox = Inbox::default();
    for number in 1..=INBOX_MAX + 1 {
        inbox.apply(raised(number, number, security()));
    }
    assert_eq!(inbox.entries.len() as u64, INBOX_MAX);
    assert!(inbox.entry(id(1, &security())).is_none());
    assert!(inbox.entry(id(2, &security())).is_some());
    assert_eq!(inbox.head, INBOX_MAX + 1);
}
