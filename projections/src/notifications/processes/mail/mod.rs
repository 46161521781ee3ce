//! Notifications by mail: what is due, what it says, how it goes out.

mod compose;
mod mailer;
mod post;
mod weighing;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::notifications::{Channel, Inbox, InboxEvent, Notice};
use domain::{AccountId, Event, NotificationId, Recorded};
use projection_runtime::{NewTask, Outcome, Process, Reaction, Task, TaskHandler};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use mailer::{Mailer, MailerError, Smtp, Transport};

pub(super) use post::Post;

use super::outcome;
use crate::acting::wish;
use crate::notifications::{digest, mail};

const NAME: &str = "notification_mail";
const MAIL: &str = "mail_notification";
const DIGEST: &str = "mail_digest";

/// Asks for the mail of each notification; messages that wait for the same time are one mail.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mails;

#[derive(Serialize, Deserialize)]
struct DigestWish {
    account_id: AccountId,
}

impl Process for Mails {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Inbox::TYPE
    }

    fn react(&self, recorded: &Recorded) -> Vec<Reaction> {
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
            NewTask { kind: MAIL, key: notification_id.to_string(), lane: None, due_at, payload: json!({}) };
        let account_id =
            recorded.stream.aggregate_id.parse().ok().map(|account_id| DigestWish { account_id });
        vec![Reaction::Do(match (notice, due_at, account_id) {
            (Notice::Message { .. }, Some(due_at), Some(wish)) => NewTask {
                kind: DIGEST,
                key: format!("{}:{due_at}", wish.account_id),
                payload: serde_json::to_value(wish).expect("an id is a text"),
                ..of_one
            },
            _ => of_one,
        })]
    }
}

/// Does the tasks of one notification each.
#[derive(Clone)]
pub(super) struct MailHandler(pub Post);

#[async_trait]
impl TaskHandler for MailHandler {
    fn kind(&self) -> &'static str {
        MAIL
    }

    async fn run(&self, task: &Task) -> Outcome {
        let Ok(id) = task.key.parse::<NotificationId>() else {
            return Outcome::Abandon { error: "the task's key is no id".to_owned() };
        };
        let done = async {
            self.0.seen(task).await?;
            let row = mail(&self.0.pool, id).await.map_err(|error| self.0.unread(task, &error))?;
            let awaited: Vec<_> = row.into_iter().filter(|row| row.is_awaited).collect();
            self.0.post(task, awaited).await
        };
        outcome(done.await)
    }
}

/// Does the tasks of a person's gathered messages.
#[derive(Clone)]
pub(super) struct DigestHandler(pub Post);

#[async_trait]
impl TaskHandler for DigestHandler {
    fn kind(&self) -> &'static str {
        DIGEST
    }

    async fn run(&self, task: &Task) -> Outcome {
        let done = async {
            let DigestWish { account_id } = wish(task)?;
            self.0.seen(task).await?;
            let now = self.0.acting.clock.now();
            let due =
                digest(&self.0.pool, account_id, now).await.map_err(|error| self.0.unread(task, &error))?;
            self.0.post(task, due).await
        };
        outcome(done.await)
    }
}
