//! Queries of the timelines: of one person, and of all people.

use domain::{AccountId, Position};
use futures::TryStreamExt;
use jiff::Timestamp;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use serde_json::Value;
use sqlx::PgExecutor;
use uuid::Uuid;

use super::params::REASON;
use super::{TimelineActivity, TimelineRow, event_text};
use crate::accounts::pseudonym;
use crate::crm::visibility::{ContactView, FreeText};

const SORT: &str = "-position";

struct StoredEntry {
    position: Position,
    recorded_at: Timestamp,
    event_type: String,
    params: Value,
    /// The other person of the event. The name is `None` if that person is erased.
    with_id: Option<Uuid>,
    with_name: Option<String>,
}

impl StoredEntry {
    /// Returns the parameters with the present name of the other person.
    fn named_params(&self, reader: ContactView) -> Value {
        let mut params = self.params.clone();
        if let Some(other) = self.with_id {
            let name = self.with_name.clone().unwrap_or_else(|| pseudonym(other.into(), reader.locale));
            params["with_name"] = Value::String(name);
        }
        if let Some(Value::String(reason)) = params.get_mut(REASON) {
            *reason = FreeText::new(std::mem::take(reason)).show(reader);
        }
        params
    }

    fn into_row(self, reader: ContactView) -> TimelineRow {
        TimelineRow {
            text: event_text(&self.event_type, &self.named_params(reader), reader.locale),
            position: self.position,
            recorded_at: self.recorded_at,
            event_type: self.event_type,
        }
    }
}

/// Loads one page of a person's timeline, the latest entry first. For analysts, contacts in reasons are
/// masked.
///
/// # Errors
/// [`QueryError::Cursor`] if the cursor belongs to another list. [`QueryError::Database`] if the database is
/// unavailable.
pub async fn timeline(
    db: impl PgExecutor<'_>,
    account_id: AccountId,
    reader: ContactView,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<TimelineRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let rows = sqlx::query_as!(
        StoredEntry,
        r#"select
             timeline.position, recorded_at as "recorded_at: jiff_sqlx::Timestamp", timeline.type as event_type, params,
             other.account_id as "with_id?", other.name as "with_name?"
           from timeline
           left join users other on other.account_id = (params ->> 'with')::uuid
           where timeline.account_id = $1
             and ($2::bigint is null or timeline.position < $2)
           order by timeline.position desc
           limit $3"#,
        account_id.uuid(),
        after.map(|cursor| cursor.key),
        limit_plus_one(limit),
    )
    .fetch(db)
    .map_ok(move |entry| entry.into_row(reader));
    let cursor = |row: &TimelineRow| Cursor {
        sort: SORT.to_owned(),
        key: row.position.to_bigint(),
        id: account_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}

/// Events by which a process manager, not a person, made an entry: deliveries, and the link to the external CRM.
const AUTOMATIC: [&str; 11] = [
    "NotificationRaised",
    "NotificationDelivered",
    "NotificationDelayed",
    "NotificationNotDelivered",
    "CrmSyncRequested",
    "CrmUserLinked",
    "CrmTicketLinked",
    "CrmDeliveryFailed",
    "CrmDeliveryAbandoned",
    "CrmDriftFound",
    "CrmDriftHealed",
];

/// Loads the latest entries of all timelines about what people did, the latest first.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn recent_activity(
    db: impl PgExecutor<'_>,
    reader: ContactView,
    limit: u32,
) -> Result<Vec<TimelineActivity>, QueryError> {
    let rows = sqlx::query!(
        r#"select
             timeline.account_id, person.name as "name?", timeline.position,
             recorded_at as "recorded_at: jiff_sqlx::Timestamp", timeline.type as event_type, params,
             other.account_id as "with_id?", other.name as "with_name?"
           from timeline
           left join users person on person.account_id = timeline.account_id
           left join users other on other.account_id = (params ->> 'with')::uuid
           where timeline.type <> all ($2)
           order by timeline.position desc, timeline.account_id
           limit $1"#,
        i64::from(limit),
        &AUTOMATIC.map(str::to_owned),
    )
    .fetch_all(db)
    .await?;
    let activity = rows.into_iter().map(|row| {
        let entry = StoredEntry {
            position: row.position.into(),
            recorded_at: row.recorded_at.to_jiff(),
            event_type: row.event_type,
            params: row.params,
            with_id: row.with_id,
            with_name: row.with_name,
        };
        TimelineActivity { account_id: row.account_id.into(), name: row.name, row: entry.into_row(reader) }
    });
    Ok(activity.collect())
}
