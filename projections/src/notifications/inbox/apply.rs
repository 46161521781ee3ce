//! Applies a batch of events to the rows of inboxes, with one statement per kind of change.

use std::collections::{BTreeMap, BTreeSet};

use domain::notifications::{Channel, INBOX_MAX, InboxEvent};
use domain::{AccountId, NotificationId, Position, RecordedEvent};
use jiff::Timestamp;
use projection_runtime::ApplyError;
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// New notification.
#[derive(Serialize)]
struct RaisedRecord {
    account_id: Uuid,
    number: u64,
    notification_id: NotificationId,
    kind: &'static str,
    data: serde_json::Value,
    people: Vec<Uuid>,
    raised_at: Timestamp,
    position: Position,
    cause_position: Position,
    muted: Vec<&'static str>,
    email_state: &'static str,
    email_reason: Option<&'static str>,
    email_until: Option<Timestamp>,
    email_at: Option<Timestamp>,
}

/// Result of a delivery by mail.
#[derive(Serialize)]
struct EmailRecord {
    notification_id: NotificationId,
    state: &'static str,
    reason: Option<&'static str>,
    until: Option<Timestamp>,
    at: Option<Timestamp>,
}

/// Instant at which a notification was read or dismissed.
#[derive(Serialize)]
struct SeenRecord {
    notification_id: NotificationId,
    at: Timestamp,
}

/// Instant at which all notifications up to a number were read.
#[derive(Serialize)]
struct SeenUpToRecord {
    account_id: Uuid,
    number: u64,
    at: Timestamp,
}

#[derive(Default)]
pub(super) struct InboxChanges {
    raised: Vec<RaisedRecord>,
    emails: BTreeMap<NotificationId, EmailRecord>,
    read: Vec<SeenRecord>,
    read_up_to: Vec<SeenUpToRecord>,
    dismissed: Vec<SeenRecord>,
    people: BTreeSet<Uuid>,
}

impl InboxChanges {
    /// People whose inbox has changed.
    pub(super) fn changed_inboxes(&self) -> Vec<Uuid> {
        self.people.iter().copied().collect()
    }

    pub(super) fn apply(&mut self, person: AccountId, event: &InboxEvent, recorded: &RecordedEvent) {
        let at = recorded.recorded_at;
        self.people.insert(person.uuid());
        match event {
            InboxEvent::NotificationRaised { .. } => self.add_raised(person, event, recorded),
            InboxEvent::NotificationDelivered { notification_id, channel: Channel::Email } => {
                self.set_email_state(*notification_id, "delivered", None, None, Some(at));
            }
            InboxEvent::NotificationNotDelivered { notification_id, channel: Channel::Email, reason } => {
                self.set_email_state(
                    *notification_id,
                    "not_delivered",
                    Some(reason.as_str()),
                    None,
                    Some(at),
                );
            }
            InboxEvent::NotificationDelayed { notification_id, channel: Channel::Email, wait } => {
                self.set_email_state(
                    *notification_id,
                    "waiting",
                    Some(wait.cause.as_str()),
                    Some(wait.until),
                    None,
                );
            }
            // A notification is in the app from the moment at which it is raised.
            InboxEvent::NotificationDelivered { channel: Channel::InApp, .. }
            | InboxEvent::NotificationNotDelivered { channel: Channel::InApp, .. }
            | InboxEvent::NotificationDelayed { channel: Channel::InApp, .. } => {}
            InboxEvent::NotificationsRead { notification_ids, up_to } => {
                self.read.extend(notification_ids.iter().map(|id| SeenRecord { notification_id: *id, at }));
                if let Some(number) = up_to {
                    self.read_up_to.push(SeenUpToRecord { account_id: person.uuid(), number: *number, at });
                }
            }
            InboxEvent::NotificationDismissed { notification_id } => {
                self.dismissed.push(SeenRecord { notification_id: *notification_id, at });
            }
            InboxEvent::PreferencesChanged { .. } | InboxEvent::QuietHoursChanged { .. } => {}
        }
    }

    fn add_raised(&mut self, person: AccountId, event: &InboxEvent, recorded: &RecordedEvent) {
        let InboxEvent::NotificationRaised { notification_id, number, notice, cause, muted, email_wait } =
            event
        else {
            return;
        };
        let at = recorded.recorded_at;
        let is_muted = muted.contains(&Channel::Email);
        let wait = email_wait.filter(|_| !is_muted);
        let content = serde_json::to_value(notice).expect("a notice serializes to JSON");
        self.raised.push(RaisedRecord {
            account_id: person.uuid(),
            number: *number,
            notification_id: *notification_id,
            kind: notice.kind().as_str(),
            data: content["data"].clone(),
            people: notice.people().into_iter().map(AccountId::uuid).collect(),
            raised_at: at,
            position: recorded.position,
            cause_position: cause.position,
            muted: muted.iter().map(|channel| channel.as_str()).collect(),
            email_state: if is_muted { "not_delivered" } else { "waiting" },
            email_reason: if is_muted { Some("muted") } else { wait.map(|wait| wait.cause.as_str()) },
            email_until: wait.map(|wait| wait.until),
            email_at: is_muted.then_some(at),
        });
    }

    /// Sets the state of a delivery by mail. Only the last state of a batch is written, because a final
    /// result follows all delays.
    fn set_email_state(
        &mut self,
        notification_id: NotificationId,
        state: &'static str,
        reason: Option<&'static str>,
        until: Option<Timestamp>,
        at: Option<Timestamp>,
    ) {
        self.emails.insert(notification_id, EmailRecord { notification_id, state, reason, until, at });
    }

    pub(super) async fn save(self, db: &mut PgConnection) -> Result<(), ApplyError> {
        if !self.raised.is_empty() {
            let people: BTreeSet<Uuid> = self.raised.iter().map(|raised| raised.account_id).collect();
            let people: Vec<Uuid> = people.into_iter().collect();
            sqlx::query_file!("src/notifications/inbox/raise.sql", Json(&self.raised) as _)
                .execute(&mut *db)
                .await?;
            prune_full_inboxes(db, &people).await?;
        }
        if !self.emails.is_empty() {
            let emails: Vec<_> = self.emails.into_values().collect();
            sqlx::query_file!("src/notifications/inbox/email.sql", Json(&emails) as _)
                .execute(&mut *db)
                .await?;
        }
        // Single reads come first, because such a notification was unread before a read of all.
        if !self.read.is_empty() {
            sqlx::query_file!("src/notifications/inbox/read.sql", Json(&self.read) as _)
                .execute(&mut *db)
                .await?;
        }
        if !self.read_up_to.is_empty() {
            sqlx::query_file!("src/notifications/inbox/read_up_to.sql", Json(&self.read_up_to) as _)
                .execute(&mut *db)
                .await?;
        }
        if !self.dismissed.is_empty() {
            sqlx::query_file!("src/notifications/inbox/dismiss.sql", Json(&self.dismissed) as _)
                .execute(db)
                .await?;
        }
        Ok(())
    }
}

/// Deletes the oldest notifications of a full inbox.
async fn prune_full_inboxes(db: &mut PgConnection, people: &[Uuid]) -> Result<(), ApplyError> {
    sqlx::query!(
        "delete from notifications
         using (
           select account_id as id, max(number) as head
           from notifications
           where account_id = any($1)
           group by account_id
         ) as inbox
         where account_id = inbox.id and number <= inbox.head - $2",
        people,
        INBOX_MAX.cast_signed(),
    )
    .execute(db)
    .await?;
    Ok(())
}
