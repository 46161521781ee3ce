//! Notifications by mail: due mails, their texts and their delivery.

mod compose;
mod delivery;
mod erasure;
mod mailer;
mod policy;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::notifications::{Channel, Inbox, InboxEvent, NotificationContent};
use domain::{AccountId, Event, NotificationId, RecordedEvent};
use projection_runtime::{NewTask, ProcessManager, Reaction, Task, TaskHandler, TaskOutcome};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use mailer::{Mailer, MailerError, Smtp, Transport};

pub(super) use compose::LinkDraft;
pub(super) use delivery::MailDelivery;
pub(super) use erasure::MailErasureHandler;
pub(super) use mailer::SendResult;

use crate::handler_context::into_outcome;
use crate::handler_context::parse_payload;
use crate::notifications::{find_mail, load_digest};

const NAME: &str = "notification_mail";
const MAIL: &str = "mail_notification";
const DIGEST: &str = "mail_digest";
const ERASURE: &str = "mail_erasure";

/// Schedules a mail for each notification, and the deletion of an erased person's mail files. Messages with the same
/// due time are in one mail.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NotificationMail;

#[derive(Serialize, Deserialize)]
struct DigestTask {
    account_id: AccountId,
}

impl ProcessManager for NotificationMail {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Inbox::TYPE || aggregate_type == Account::TYPE
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        if let Event::Account(AccountEvent::AccountErased { .. }) = &recorded.event {
            let key = recorded.stream.aggregate_id.to_string();
            return vec![Reaction::Schedule(NewTask {
                kind: ERASURE,
                key,
                queue: None,
                due_at: None,
                payload: json!({}),
            })];
        }
        let Event::Inbox(InboxEvent::NotificationRaised {
            notification_id, notice, muted, email_wait, ..
        }) = &recorded.event
        else {
            return Vec::new();
        };
        if muted.contains(&Channel::Email) {
            return Vec::new();
        }
        let due_at = email_wait.map(|wait| wait.until);
        let of_one =
            NewTask { kind: MAIL, key: notification_id.to_string(), queue: None, due_at, payload: json!({}) };
        let account_id =
            recorded.stream.aggregate_id.parse().ok().map(|account_id| DigestTask { account_id });
        vec![Reaction::Schedule(match (notice, due_at, account_id) {
            (NotificationContent::Message { .. }, Some(due_at), Some(payload)) => NewTask {
                kind: DIGEST,
                key: format!("{}:{due_at}", payload.account_id),
                payload: serde_json::to_value(payload).expect("an id serializes to JSON"),
                ..of_one
            },
            _ => of_one,
        })]
    }
}

/// Handles the tasks of one notification each.
#[derive(Clone)]
pub(super) struct MailHandler(pub MailDelivery);

#[async_trait]
impl TaskHandler for MailHandler {
    fn kind(&self) -> &'static str {
        MAIL
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let Ok(id) = task.key.parse::<NotificationId>() else {
            return TaskOutcome::Abandon { error: "the task's key is no id".to_owned() };
        };
        let done = async {
            self.0.wait_for_inboxes(task).await?;
            let row =
                find_mail(&self.0.pool, id).await.map_err(|error| self.0.retry_unreadable(task, &error))?;
            let awaited: Vec<_> = row.into_iter().filter(|row| row.is_awaited).collect();
            self.0.deliver(task, awaited).await
        };
        into_outcome(done.await)
    }
}

/// Handles the tasks of a person's message digest.
#[derive(Clone)]
pub(super) struct DigestHandler(pub MailDelivery);

#[async_trait]
impl TaskHandler for DigestHandler {
    fn kind(&self) -> &'static str {
        DIGEST
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let done = async {
            let DigestTask { account_id } = parse_payload(task)?;
            self.0.wait_for_inboxes(task).await?;
            let now = self.0.context.clock.now();
            let due = load_digest(&self.0.pool, account_id, now)
                .await
                .map_err(|error| self.0.retry_unreadable(task, &error))?;
            self.0.deliver(task, due).await
        };
        into_outcome(done.await)
    }
}
