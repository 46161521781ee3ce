//! Raises the notifications of an event, once per recipient.

use std::time::Duration;

use async_trait::async_trait;
use domain::accounts::{Account, TimeZoneName};
use domain::notifications::{
    Cause, DelayCause, DeliveryDelay, InboxCommand, NewNotification, NotificationContent, NotificationKind,
    Topic, notification_id,
};
use domain::{AccountId, Command, ConversationId, RecordedEvent};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use projection_runtime::{Task, TaskHandler, TaskOutcome, error_chain, wait_for};
use sqlx::PgPool;

use super::KIND;
use super::triggers::NoticeTrigger;
use crate::handler_context::{HandlerContext, into_outcome};
use crate::notifications::processes::NAME;
use crate::notifications::{find_conversation_members, load_mail_settings};

/// Maximum wait for a read model in one attempt.
const WAIT_MAX: Duration = Duration::from_secs(1);

/// Handles the tasks of [`super::NotificationSelector`].
#[derive(Clone)]
pub(in crate::notifications::processes) struct NotifyHandler {
    pub context: HandlerContext,
    pub pool: PgPool,
    pub digest: SignedDuration,
}

#[async_trait]
impl TaskHandler for NotifyHandler {
    fn kind(&self) -> &'static str {
        KIND
    }

    /// Runs few tasks at once. People who are online already have the event by their live socket, which must
    /// not become slower.
    fn concurrency(&self) -> usize {
        4
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        into_outcome(self.notify(task).await)
    }
}

impl NotifyHandler {
    async fn notify(&self, task: &Task) -> Result<(), TaskOutcome> {
        let recorded = self.load_event(task).await?;
        let Some(trigger) = NoticeTrigger::of(&recorded) else { return Ok(()) };
        if let NoticeTrigger::ConversationRead { participant, up_to } = trigger {
            return self.mark_topic_read(task, &recorded, participant, up_to).await;
        }
        for (person, notice) in self.recipients_of(task, &recorded, trigger).await? {
            self.raise_notification(task, &recorded, person, notice).await?;
        }
        Ok(())
    }

    /// Loads the event of the task.
    async fn load_event(&self, task: &Task) -> Result<RecordedEvent, TaskOutcome> {
        let log = &self.context.log;
        let read = async { log.decode(&log.read(task.cause_position.previous(), 1).await?).await };
        let found = read.await.map_err(|error| {
            tracing::error!(task = %task.id, cause = error_chain(&error), "cannot read an event");
            self.context.retry_later(task, "cannot read the event")
        })?;
        found.into_iter().next().ok_or_else(|| self.context.retry_later(task, "the event is not there"))
    }

    /// Marks the notifications of a conversation as read when the participant has read the conversation.
    async fn mark_topic_read(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        participant: AccountId,
        up_to: u64,
    ) -> Result<(), TaskOutcome> {
        let Ok(id) = recorded.stream.aggregate_id.parse::<ConversationId>() else { return Ok(()) };
        self.wait_for_read_model(task, "talks").await?;
        let conversation = find_conversation_members(&self.pool, id)
            .await
            .map_err(|error| self.retry_unreadable(task, &error))?;
        if conversation.is_some_and(|conversation| up_to < conversation.head) {
            return Ok(());
        }
        let topic = Topic::Conversation(id);
        let command = Command::Inbox(participant, InboxCommand::ReadTopic { topic });
        self.context.dispatch_all(task, NAME, vec![command], (task.cause, "read")).await.map(|_| ())
    }

    async fn raise_notification(
        &self,
        task: &Task,
        recorded: &RecordedEvent,
        person: AccountId,
        notice: NotificationContent,
    ) -> Result<(), TaskOutcome> {
        // No participant is left as a recipient.
        let account: Account = self.context.load_aggregate(task, person).await?;
        let Some(known) = account.person() else { return Ok(()) };
        let zone = known.profile.time_zone.as_ref().map_or(TimeZone::UTC, TimeZoneName::zone);
        let email_wait = self.email_wait(task, person, notice.kind(), &zone).await?;
        let notification_id = notification_id(recorded.event_id(), person, notice.kind());
        let cause = Cause { event_id: recorded.event_id(), position: recorded.position };
        let new = NewNotification { notification_id, notice, cause, email_wait };
        let command = Command::Inbox(person, InboxCommand::RaiseNotification(Box::new(new)));
        let about = (notification_id.uuid(), "raise");
        self.context.dispatch_all(task, NAME, vec![command], about).await.map(|_| ())
    }

    /// Returns the delay of the mail about a message, for the digest. It ends outside of quiet hours, so that
    /// the messages of a night are in one mail.
    async fn email_wait(
        &self,
        task: &Task,
        person: AccountId,
        kind: NotificationKind,
        zone: &TimeZone,
    ) -> Result<Option<DeliveryDelay>, TaskOutcome> {
        if kind != NotificationKind::Message {
            return Ok(None);
        }
        let until = self.context.clock.now() + self.digest;
        let settings = load_mail_settings(&self.pool, person)
            .await
            .map_err(|error| self.retry_unreadable(task, &error))?;
        let quiet = settings.quiet_hours.and_then(|hours| hours.quiet_until(until, zone));
        Ok(Some(match quiet {
            Some(until) => DeliveryDelay { until, cause: DelayCause::QuietHours },
            None => DeliveryDelay { until, cause: DelayCause::Digest },
        }))
    }

    /// Waits until a read model has reached the event of the task.
    pub(super) async fn wait_for_read_model(&self, task: &Task, model: &str) -> Result<(), TaskOutcome> {
        let waited = wait_for(&self.pool, None, model, task.cause_position, WAIT_MAX).await;
        waited.map_err(|_| self.context.retry_later(task, "a read model is behind"))
    }

    pub(super) fn retry_unreadable(&self, task: &Task, error: &sqlx::Error) -> TaskOutcome {
        tracing::error!(task = %task.id, cause = error_chain(error), "cannot read the tables");
        self.context.retry_later(task, "cannot read the tables")
    }
}
