//! Tests of deliveries: each result is recorded once and is final.

use jiff::SignedDuration;

use super::fixtures::*;
use crate::NotificationId;
use crate::notifications::{
    Channel, DelayCause, DeliveryDelay, InboxCommand, InboxEvent, NewNotification, NonDelivery,
};

fn delivered(notification_id: NotificationId) -> InboxEvent {
    InboxEvent::NotificationDelivered { notification_id, channel: Channel::Email }
}

fn deliver(notification_ids: Vec<NotificationId>) -> InboxCommand {
    InboxCommand::RecordDelivery { notification_ids, channel: Channel::Email }
}

fn give_up(notification_id: NotificationId) -> InboxCommand {
    let reason = NonDelivery::AlreadyRead;
    InboxCommand::RecordNonDelivery { notification_id, channel: Channel::Email, reason }
}

#[test]
fn a_mail_is_recorded_for_everything_that_it_carries_once() {
    let ids = [id(1, &message(7, 1)), id(2, &message(8, 2))];
    let events = vec![raised(1, 1, message(7, 1)), raised(2, 2, message(8, 2))];
    given(events.clone())
        .when(deliver(ids.to_vec()))
        .then_expect_events(vec![delivered(ids[0]), delivered(ids[1])]);
    given([events, vec![delivered(ids[0])]].concat())
        .when(deliver(ids.to_vec()))
        .then_expect_events(vec![delivered(ids[1])]);
}

#[test]
fn what_was_delivered_is_not_given_up_and_the_other_way_round() {
    let first = id(1, &security());
    let given_up = InboxEvent::NotificationNotDelivered {
        notification_id: first,
        channel: Channel::Email,
        reason: NonDelivery::AlreadyRead,
    };
    let raised = raised(1, 1, security());
    given(vec![raised.clone()]).when(give_up(first)).then_expect_events(vec![given_up.clone()]);
    given(vec![raised.clone(), delivered(first)]).when(give_up(first)).then_expect_events(vec![]);
    given(vec![raised, given_up]).when(deliver(vec![first])).then_expect_events(vec![]);
}

#[test]
fn what_is_muted_is_settled_from_the_beginning() {
    let first = id(1, &message(7, 1));
    let muted = raised_muted(1, 1, message(7, 1), vec![Channel::Email]);
    given(vec![muted.clone()]).when(deliver(vec![first])).then_expect_events(vec![]);
    given(vec![muted]).when(give_up(first)).then_expect_events(vec![]);
}

#[test]
fn a_delay_is_news_once() {
    let (first, channel) = (id(1, &security()), Channel::Email);
    let wait = DeliveryDelay { until: now(), cause: DelayCause::QuietHours };
    let delay = InboxCommand::DelayDelivery { notification_id: first, channel, wait };
    let delayed = InboxEvent::NotificationDelayed { notification_id: first, channel, wait };
    let raised = raised(1, 1, security());
    given(vec![raised.clone()]).when(delay.clone()).then_expect_events(vec![delayed.clone()]);
    given(vec![raised.clone(), delayed]).when(delay.clone()).then_expect_events(vec![]);
    given(vec![raised, delivered(first)]).when(delay).then_expect_events(vec![]);
}

#[test]
fn a_conversation_joins_the_digest_that_is_being_gathered() {
    let digest = |minutes: i64| DeliveryDelay {
        until: now() + SignedDuration::from_mins(minutes),
        cause: DelayCause::Digest,
    };
    let gathered = |n: u64, wait: DeliveryDelay| {
        let news = NewNotification { email_wait: Some(wait), ..new(n, message(n, n)) };
        InboxCommand::RaiseNotification(Box::new(news))
    };
    let with = |event: InboxEvent, wait: DeliveryDelay| match event {
        InboxEvent::NotificationRaised { notification_id, number, notice, cause, muted, .. } => {
            let email_wait = Some(wait);
            InboxEvent::NotificationRaised { notification_id, number, notice, cause, muted, email_wait }
        }
        other => other,
    };
    let first = with(raised(1, 1, message(1, 1)), digest(4));
    let second = raised(2, 2, message(2, 2));
    given(vec![first.clone()])
        .when(gathered(2, digest(15)))
        .then_expect_events(vec![with(second.clone(), digest(4))]);
    let sent = delivered(id(1, &message(1, 1)));
    given(vec![first, sent]).when(gathered(2, digest(15))).then_expect_events(vec![with(second, digest(15))]);
    let past = with(raised(1, 1, message(1, 1)), digest(0));
    let second = with(raised(2, 2, message(2, 2)), digest(15));
    given(vec![past]).when(gathered(2, digest(15))).then_expect_events(vec![second]);
}
