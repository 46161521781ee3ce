//! Queries of the inboxes for the delivery by mail.

use std::collections::BTreeMap;

use domain::notifications::{LocalTime, NotificationContent, NotificationKind, QuietHours};
use domain::{AccountId, NotificationId, Position};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use uuid::Uuid;

use super::queries::parse_notice;

/// Notification with a due mail.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MailRow {
    pub account_id: AccountId,
    pub notification_id: NotificationId,
    pub notice: NotificationContent,
    /// Position of the event that caused the notification.
    pub cause_position: Position,
    /// `true` if the notification is read or dismissed.
    pub is_seen: bool,
    /// `true` if the result of the mail is not recorded yet.
    pub is_awaited: bool,
}

/// Mail settings of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MailSettings {
    pub muted: Vec<String>,
    pub quiet_hours: Option<QuietHours>,
}

impl MailSettings {
    pub(crate) fn is_enabled(&self, kind: NotificationKind) -> bool {
        !self.muted.iter().any(|muted| muted == kind.as_str())
    }
}

/// Loads the notification with this id.
pub(crate) async fn find_mail(pool: &PgPool, id: NotificationId) -> Result<Option<MailRow>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select account_id, notification_id, kind, data, cause_position, email_state,
                  read_at is not null or dismissed_at is not null as "is_seen!"
           from app.notifications
           where notification_id = $1"#,
        id.uuid(),
    );
    let Some(row) = row.fetch_optional(pool).await? else { return Ok(None) };
    Ok(Some(MailRow {
        account_id: AccountId(row.account_id),
        notification_id: NotificationId(row.notification_id),
        notice: parse_notice(&row.kind, &row.data)?,
        cause_position: row.cause_position.into(),
        is_seen: row.is_seen,
        is_awaited: row.email_state == "waiting",
    }))
}

/// Loads the messages whose digest is due for this person, in the order of arrival.
pub(crate) async fn load_digest(
    pool: &PgPool,
    person: AccountId,
    now: Timestamp,
) -> Result<Vec<MailRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select account_id, notification_id, kind, data, cause_position,
                  read_at is not null or dismissed_at is not null as "is_seen!"
           from app.notifications
           where account_id = $1 and kind = 'message' and email_state = 'waiting' and email_until <= $2
           order by number"#,
        person.uuid(),
        now.to_sqlx() as _,
    );
    let rows = rows.fetch_all(pool).await?;
    rows.into_iter()
        .map(|row| {
            Ok(MailRow {
                account_id: AccountId(row.account_id),
                notification_id: NotificationId(row.notification_id),
                notice: parse_notice(&row.kind, &row.data)?,
                cause_position: row.cause_position.into(),
                is_seen: row.is_seen,
                is_awaited: true,
            })
        })
        .collect()
}

/// Loads the mail settings of a person. Without settings, everything is sent.
pub(crate) async fn load_mail_settings(
    pool: &PgPool,
    person: AccountId,
) -> Result<MailSettings, sqlx::Error> {
    let row = sqlx::query!(
        "select muted_by_email, quiet_from, quiet_to from app.notification_settings where account_id = $1",
        person.uuid(),
    );
    let Some(row) = row.fetch_optional(pool).await? else { return Ok(MailSettings::default()) };
    let time = |text: Option<String>| text.and_then(|text| LocalTime::parse(&text).ok());
    let hours = time(row.quiet_from).zip(time(row.quiet_to));
    let quiet_hours = hours.and_then(|(from, to)| QuietHours::between(from, to));
    Ok(MailSettings { muted: row.muted_by_email, quiet_hours })
}

/// Loads the names of these people, without the erased ones.
pub(crate) async fn load_names(
    pool: &PgPool,
    people: &[AccountId],
) -> Result<BTreeMap<AccountId, String>, sqlx::Error> {
    let ids: Vec<Uuid> = people.iter().map(|person| person.uuid()).collect();
    let rows = sqlx::query!(
        r#"select account_id, name as "name!" from app.accounts
           where account_id = any($1) and name is not null"#,
        &ids,
    );
    Ok(rows.fetch_all(pool).await?.into_iter().map(|row| (AccountId(row.account_id), row.name)).collect())
}
