//! Queries of a person's own inbox.

use std::collections::BTreeMap;

use domain::notifications::NotificationContent;
use domain::{AccountId, NotificationId};
use futures::TryStreamExt;
use jiff::Timestamp;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use serde_json::{Value, json};
use sqlx::PgPool;
use sqlx::types::Json;

const SORT_NEWEST: &str = "-number";

/// Filter of notifications.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotificationFilter {
    /// `true` for unread notifications only.
    pub unread: bool,
    /// `true` for the notifications that the person's settings hide in the app, instead of the others.
    pub muted: bool,
}

/// Notification with the names of its people.
#[derive(Clone, Debug, PartialEq)]
pub struct NotificationRow {
    pub notification_id: NotificationId,
    pub number: u64,
    pub notice: NotificationContent,
    /// The stored `kind` and `data`; personal values are marked.
    pub kind: String,
    pub data: Value,
    pub raised_at: Timestamp,
    pub read_at: Option<Timestamp>,
    /// Names of the people who are not erased.
    pub names: BTreeMap<AccountId, String>,
}

/// Deliveries of one notification by channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Deliveries {
    pub raised_at: Timestamp,
    pub muted: Vec<String>,
    pub email: EmailState,
}

/// State of the delivery by mail.
#[derive(Clone, Debug, PartialEq)]
pub struct EmailState {
    /// `waiting`, `delivered` or `not_delivered`.
    pub state: String,
    /// Reason of the delay or of the non-delivery.
    pub reason: Option<String>,
    pub until: Option<Timestamp>,
    pub at: Option<Timestamp>,
}

/// Loads one page of the person's own notifications, the newest first.
///
/// # Errors
/// [`QueryError::Cursor`] if the cursor belongs to another list. [`QueryError::Database`] if the database is
/// unavailable.
pub async fn notifications(
    pool: &PgPool,
    person: AccountId,
    filter: NotificationFilter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<NotificationRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT_NEWEST)).transpose()?;
    let rows = sqlx::query!(
        r#"select notification_id, number, kind, data, raised_at as "raised_at: jiff_sqlx::Timestamp",
                  read_at as "read_at: jiff_sqlx::Timestamp",
                  (select coalesce(jsonb_object_agg(other.account_id, other.name), '{}')
                   from app.accounts as other
                   where other.account_id = any(people) and other.name is not null)
                    as "names!: Json<BTreeMap<AccountId, String>>"
           from app.notifications
           where account_id = $1
             and dismissed_at is null
             and ('in_app' = any(muted)) = $2
             and (not $3 or read_at is null)
             and ($4::bigint is null or number < $4)
           order by number desc
           limit $5"#,
        person.uuid(),
        filter.muted,
        filter.unread,
        after.as_ref().map(|cursor| cursor.key),
        limit_plus_one(limit),
    )
    .fetch(pool)
    .and_then(|row| async move {
        Ok(NotificationRow {
            notification_id: NotificationId(row.notification_id),
            number: row.number.cast_unsigned(),
            notice: parse_notice(&row.kind, &row.data)?,
            kind: row.kind,
            data: row.data,
            raised_at: row.raised_at.to_jiff(),
            read_at: row.read_at.map(jiff_sqlx::Timestamp::to_jiff),
            names: row.names.0,
        })
    });
    let cursor = |row: &NotificationRow| Cursor {
        sort: SORT_NEWEST.to_owned(),
        key: row.number.cast_signed(),
        id: row.notification_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}

/// Parses the content of a row.
pub(super) fn parse_notice(kind: &str, data: &Value) -> Result<NotificationContent, sqlx::Error> {
    serde_json::from_value(json!({ "kind": kind, "data": data }))
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Counts the notifications.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn count_notifications(
    pool: &PgPool,
    person: AccountId,
    filter: NotificationFilter,
) -> Result<u64, QueryError> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!"
           from app.notifications
           where account_id = $1
             and dismissed_at is null
             and ('in_app' = any(muted)) = $2
             and (not $3 or read_at is null)"#,
        person.uuid(),
        filter.muted,
        filter.unread,
    );
    Ok(count.fetch_one(pool).await?.cast_unsigned())
}

/// Returns the number of the person's own notification.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn find_notification_number(
    pool: &PgPool,
    person: AccountId,
    id: NotificationId,
) -> Result<Option<u64>, QueryError> {
    let number = sqlx::query_scalar!(
        "select number from app.notifications where account_id = $1 and notification_id = $2",
        person.uuid(),
        id.uuid(),
    );
    Ok(number.fetch_optional(pool).await?.map(i64::cast_unsigned))
}

/// Loads the deliveries of the person's own notification.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn deliveries(
    pool: &PgPool,
    person: AccountId,
    id: NotificationId,
) -> Result<Option<Deliveries>, QueryError> {
    let row = sqlx::query!(
        r#"select raised_at as "raised_at: jiff_sqlx::Timestamp", muted, email_state, email_reason,
                  email_until as "email_until: jiff_sqlx::Timestamp",
                  email_at as "email_at: jiff_sqlx::Timestamp"
           from app.notifications
           where account_id = $1 and notification_id = $2"#,
        person.uuid(),
        id.uuid(),
    );
    Ok(row.fetch_optional(pool).await?.map(|row| Deliveries {
        raised_at: row.raised_at.to_jiff(),
        muted: row.muted,
        email: EmailState {
            state: row.email_state,
            reason: row.email_reason,
            until: row.email_until.map(jiff_sqlx::Timestamp::to_jiff),
            at: row.email_at.map(jiff_sqlx::Timestamp::to_jiff),
        },
    }))
}
