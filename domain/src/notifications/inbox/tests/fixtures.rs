//! Fixtures: an inbox and notifications for it.

use std::sync::Arc;

use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use jiff::Timestamp;
use uuid::Uuid;

use crate::notifications::{
    Cause, Channel, Inbox, InboxCommand, InboxEvent, NewNotification, NotificationContent, SecurityStep,
    notification_id,
};
use crate::{
    AccountId, Clock, ConversationId, FixedClock, MessageId, NotificationId, Position, RefusalError,
};

pub const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
pub const BORIS: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));

pub fn given(events: Vec<InboxEvent>) -> AggregateTestExecutor<Inbox> {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now()));
    TestFramework::with(clock).given(events)
}

/// Returns the code with which a command is refused after these events.
pub fn refused(events: Vec<InboxEvent>, command: InboxCommand) -> &'static str {
    given(events).when(command).inspect_result().unwrap_err().refusal().code
}

pub fn now() -> Timestamp {
    "2026-11-25T09:00:00Z".parse().unwrap()
}

pub fn uuid(n: u64) -> Uuid {
    Uuid::from_u64_pair(0x0198_c0de_0000_7000, 0x8000_0000_0000_0000 | n)
}

/// Returns a content without a topic.
pub fn security() -> NotificationContent {
    NotificationContent::Security { step: SecurityStep::PasswordChanged, session_id: None, role: None }
}

/// Returns the content for a message in the conversation with this number.
pub fn message(conversation: u64, n: u64) -> NotificationContent {
    NotificationContent::Message {
        conversation_id: ConversationId(uuid(conversation)),
        message_id: MessageId(uuid(n)),
        sender: BORIS,
    }
}

pub fn id(n: u64, notice: &NotificationContent) -> NotificationId {
    notification_id(uuid(n), ANNA, notice.kind())
}

/// Returns the notification of the n-th event.
pub fn new(n: u64, notice: NotificationContent) -> NewNotification {
    NewNotification {
        notification_id: id(n, &notice),
        notice,
        cause: Cause { event_id: uuid(n), position: Position(n) },
        email_wait: None,
    }
}

pub fn raise(n: u64, notice: NotificationContent) -> InboxCommand {
    InboxCommand::RaiseNotification(Box::new(new(n, notice)))
}

/// Returns the event of the n-th event's notification, raised as notification `number`.
pub fn raised(n: u64, number: u64, notice: NotificationContent) -> InboxEvent {
    raised_muted(n, number, notice, vec![])
}

pub fn raised_muted(n: u64, number: u64, notice: NotificationContent, muted: Vec<Channel>) -> InboxEvent {
    let NewNotification { notification_id, notice, cause, email_wait } = new(n, notice);
    InboxEvent::NotificationRaised { notification_id, number, notice, cause, muted, email_wait }
}

pub fn read_ids(ids: &[NotificationId]) -> InboxEvent {
    InboxEvent::NotificationsRead { notification_ids: ids.to_vec(), up_to: None }
}

pub fn read_up_to(number: u64) -> InboxEvent {
    InboxEvent::NotificationsRead { notification_ids: vec![], up_to: Some(number) }
}
