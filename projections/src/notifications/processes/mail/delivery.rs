//! Sends a mail and records the result by a command: delivered, delayed or not delivered.

use std::time::Duration;

use domain::accounts::{Account, Email, Locale, Person, TimeZoneName};
use domain::notifications::{
    Channel, DelayCause, DeliveryDelay, InboxCommand, NonDelivery, NotificationContent, SecurityStep,
};
use domain::support::{Status, Ticket};
use domain::{AccountId, Command, LogError, NotificationId, Position, StreamId, StreamVersion, fold_events};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lettre::Address;
use lettre::message::Mailbox;
use projection_runtime::{Task, TaskOutcome, error_chain, wait_for};
use sqlx::PgPool;

use super::NAME;
use super::compose::MailDraft;
use super::mailer::SendResult;
use super::policy::{MailDecision, decide};
use crate::handler_context::HandlerContext;
use crate::notifications::NotificationSettings;
use crate::notifications::{
    MailRow, NotificationText, Recipient, load_mail_settings, load_names, notification_text,
};

/// Maximum wait for the read model `notifications` in one attempt.
const WAIT_MAX: Duration = Duration::from_secs(1);

/// Delivery of notifications by mail.
#[derive(Clone)]
pub(in crate::notifications::processes) struct MailDelivery {
    pub context: HandlerContext,
    pub pool: PgPool,
    pub settings: NotificationSettings,
}

impl MailDelivery {
    /// Waits until the read model `notifications` has reached the event of the task.
    pub(super) async fn wait_for_inboxes(&self, task: &Task) -> Result<(), TaskOutcome> {
        let waited = wait_for(&self.pool, None, "notifications", task.cause_position, WAIT_MAX).await;
        waited.map_err(|_| self.context.retry_later(task, "the inboxes are behind"))
    }

    pub(super) fn retry_unreadable(&self, task: &Task, error: &sqlx::Error) -> TaskOutcome {
        tracing::error!(task = %task.id, cause = error_chain(error), "cannot read the inboxes");
        self.context.retry_later(task, "cannot read the inboxes")
    }

    /// Sends one mail about all of these notifications of one person.
    pub(super) async fn deliver(&self, task: &Task, rows: Vec<MailRow>) -> Result<(), TaskOutcome> {
        let Some(owner) = rows.first().map(|row| row.account_id) else { return Ok(()) };
        let account: Account = self.context.load_aggregate(task, owner).await?;
        // An erased person has no inbox.
        let Some(person) = account.person() else { return Ok(()) };
        let zone = person.profile.time_zone.as_ref().map_or(TimeZone::UTC, TimeZoneName::zone);
        let (now, mut to_send, mut quiet_until) = (self.context.clock.now(), Vec::new(), None);
        let settings = load_mail_settings(&self.pool, owner)
            .await
            .map_err(|error| self.retry_unreadable(task, &error))?;
        for row in rows {
            match decide(&row, &settings, now, &zone) {
                _ if !person.email_verified && !is_for_former_address(&row.notice) => {
                    self.record_non_delivery(task, &row, NonDelivery::Unverified).await?;
                }
                _ if person.suspended => self.record_non_delivery(task, &row, NonDelivery::Suspended).await?,
                MailDecision::GiveUp(reason) => self.record_non_delivery(task, &row, reason).await?,
                MailDecision::Wait(until) => {
                    self.record_delay(task, &row, DeliveryDelay { until, cause: DelayCause::QuietHours })
                        .await?;
                    quiet_until = Some(until);
                }
                MailDecision::Send => to_send.push(row),
            }
        }
        if let Some(at) = quiet_until {
            let error = "the person wants quiet".to_owned();
            return Err(TaskOutcome::RetryAt { at, error, outcome_unknown: false });
        }
        self.send(task, person, zone, to_send).await
    }

    async fn send(
        &self,
        task: &Task,
        person: &Person,
        zone: TimeZone,
        rows: Vec<MailRow>,
    ) -> Result<(), TaskOutcome> {
        let Some(first) = rows.first() else { return Ok(()) };
        let locale = person.profile.locale.unwrap_or_default();
        let texts = self.notification_texts(task, person.account_id, locale, zone, &rows).await?;
        let id = first.notification_id.uuid();
        let Some(to) = self.recipient_address(task, person, first).await? else {
            return self.record_all_non_delivered(task, &rows, NonDelivery::NoAddress).await;
        };
        let rating = self.load_rating_link(task, first).await?;
        let at = self.context.clock.now();
        let mailer = &self.settings.mailer;
        let Ok(message) = mailer.compose(MailDraft { id, to, locale, texts, rating, at }) else {
            return self.record_all_non_delivered(task, &rows, NonDelivery::Failed).await;
        };
        match mailer.send(message, person.account_id, id).await {
            SendResult::Accepted => {
                let notification_ids = rows.iter().map(|row| row.notification_id).collect();
                let command = InboxCommand::RecordDelivery { notification_ids, channel: Channel::Email };
                self.record_result(task, person.account_id, command, "delivered").await
            }
            SendResult::Refused => self.record_all_non_delivered(task, &rows, NonDelivery::Failed).await,
            SendResult::Later if task.attempt >= self.settings.max_attempts => {
                self.record_all_non_delivered(task, &rows, NonDelivery::Failed).await
            }
            SendResult::Later => {
                let until = self.next_attempt_at(task, at);
                for row in &rows {
                    self.record_delay(task, row, DeliveryDelay { until, cause: DelayCause::MailServer })
                        .await?;
                }
                let error = "the mail server did not take it".to_owned();
                Err(TaskOutcome::RetryAt { at: until, error, outcome_unknown: true })
            }
        }
    }

    fn next_attempt_at(&self, task: &Task, now: Timestamp) -> Timestamp {
        let doublings = task.attempt.saturating_sub(1).min(20);
        let NotificationSettings { pause, longest_pause, .. } = &self.settings;
        let pause = pause.checked_mul(1 << doublings).unwrap_or(SignedDuration::MAX);
        now + pause.min(*longest_pause)
    }

    async fn notification_texts(
        &self,
        task: &Task,
        person: AccountId,
        locale: Locale,
        zone: TimeZone,
        rows: &[MailRow],
    ) -> Result<Vec<NotificationText>, TaskOutcome> {
        let people: Vec<AccountId> = rows.iter().flat_map(|row| row.notice.people()).collect();
        let names =
            load_names(&self.pool, &people).await.map_err(|error| self.retry_unreadable(task, &error))?;
        let recipient = Recipient { person, locale, zone };
        Ok(rows.iter().map(|row| notification_text(&row.notice, &names, &recipient)).collect())
    }

    /// Returns the link to rate the ticket if the notification reports its resolution.
    async fn load_rating_link(&self, task: &Task, row: &MailRow) -> Result<Option<String>, TaskOutcome> {
        let NotificationContent::TicketStatus { ticket_id, status } = &row.notice else { return Ok(None) };
        if status != Status::Resolved.as_str() {
            return Ok(None);
        }
        let events =
            self.context.log.read_stream(&StreamId::of::<Ticket>(ticket_id), StreamVersion::START).await;
        let events = events.map_err(|error| self.retry_unreadable_stream(task, &error))?;
        let resolved = events.iter().find(|event| event.position == row.cause_position);
        let links = &self.settings.rating_links;
        Ok(resolved.map(|event| links.address(*ticket_id, row.account_id, event.recorded_at)))
    }

    fn retry_unreadable_stream(&self, task: &Task, error: &LogError) -> TaskOutcome {
        tracing::error!(task = %task.id, cause = error_chain(error), "cannot read a stream");
        self.context.retry_later(task, "cannot read a stream")
    }

    /// Returns the present address of the account. The notification about a changed address goes to the
    /// former address, if that was verified. Otherwise a person who has taken over the account would get the warning.
    async fn recipient_address(
        &self,
        task: &Task,
        person: &Person,
        row: &MailRow,
    ) -> Result<Option<Mailbox>, TaskOutcome> {
        let address = match is_for_former_address(&row.notice) {
            true => self.load_address_before(task, person.account_id, row.cause_position).await?,
            false => person.email.known().cloned(),
        };
        let address = address.and_then(|email| email.with_ascii_domain().parse::<Address>().ok());
        let name = person.profile.name.as_ref().and_then(|name| name.known());
        let name = name.map(|name| name.as_str().to_owned());
        Ok(address.map(|address| Mailbox::new(name, address)))
    }

    async fn load_address_before(
        &self,
        task: &Task,
        owner: AccountId,
        position: Position,
    ) -> Result<Option<Email>, TaskOutcome> {
        let (log, stream) = (&self.context.log, StreamId::of::<Account>(owner));
        let read = async {
            let mut sealed = log.read_stream(&stream, StreamVersion::START).await?;
            sealed.retain(|event| event.position < position);
            log.decode(&sealed).await
        };
        let events = read.await.map_err(|error| self.retry_unreadable_stream(task, &error))?;
        let before: Account = fold_events(events);
        let verified = before.person().filter(|person| person.email_verified);
        Ok(verified.and_then(|person| person.email.known().cloned()))
    }

    async fn record_delay(&self, task: &Task, row: &MailRow, wait: DeliveryDelay) -> Result<(), TaskOutcome> {
        let notification_id = row.notification_id;
        let command = InboxCommand::DelayDelivery { notification_id, channel: Channel::Email, wait };
        self.record_result(task, row.account_id, command, &format!("delayed:{notification_id}")).await
    }

    async fn record_all_non_delivered(
        &self,
        task: &Task,
        rows: &[MailRow],
        reason: NonDelivery,
    ) -> Result<(), TaskOutcome> {
        for row in rows {
            self.record_non_delivery(task, row, reason).await?;
        }
        Ok(())
    }

    async fn record_non_delivery(
        &self,
        task: &Task,
        row: &MailRow,
        reason: NonDelivery,
    ) -> Result<(), TaskOutcome> {
        let notification_id: NotificationId = row.notification_id;
        let command = InboxCommand::RecordNonDelivery { notification_id, channel: Channel::Email, reason };
        self.record_result(task, row.account_id, command, &format!("not_delivered:{notification_id}")).await
    }

    /// Records a result. Each attempt has its own command ids, and the inbox ignores a result that is already
    /// recorded.
    async fn record_result(
        &self,
        task: &Task,
        owner: AccountId,
        command: InboxCommand,
        what: &str,
    ) -> Result<(), TaskOutcome> {
        let purpose = format!("{what}:{}", task.attempt);
        let commands = vec![Command::Inbox(owner, command)];
        self.context.dispatch_all(task, NAME, commands, (task.id, &purpose)).await.map(|_| ())
    }
}

/// Returns whether the mail goes to the address before the change that it reports.
fn is_for_former_address(notice: &NotificationContent) -> bool {
    matches!(notice, NotificationContent::Security { step: SecurityStep::EmailChanged, .. })
}
