//! Queries of a student on their waitlist entries.

use domain::{AccountId, WaitlistEntryId};
use futures::TryStreamExt;
use jiff::Timestamp;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::types::Json;

use super::WaitlistRow;

const SORT: &str = "-joined";

/// Waitlist entry with data of its slot.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct WaitlistEntryView {
    #[serde(flatten)]
    pub entry: WaitlistRow,
    /// Number of entries before this one; 0 after the entry has ended.
    pub ahead: i64,
    /// Number of entries before this one that have an offer; 0 after the entry has ended.
    pub ahead_offered: i64,
    pub teacher: Option<AccountId>,
    pub teacher_name: Option<String>,
    pub subject: Option<String>,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
}

/// Loads a waitlist entry of the student; `None` if it does not exist or belongs to another student.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn waitlist_entry_of(
    pool: &PgPool,
    student: AccountId,
    entry_id: WaitlistEntryId,
) -> Result<Option<WaitlistEntryView>, QueryError> {
    let found = sqlx::query_file_scalar!(
        "src/scheduling/waitlist/list.sql",
        student.uuid(),
        Some(entry_id.uuid()),
        true,
        None::<i64>,
        Some(1),
    );
    Ok(found.fetch_optional(pool).await?.map(|Json(entry)| entry))
}

/// Loads a page of the student's waitlist entries, the latest first.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn waitlist_entries_of(
    pool: &PgPool,
    student: AccountId,
    with_ended: bool,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<WaitlistEntryView>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let rows = sqlx::query_file_scalar!(
        "src/scheduling/waitlist/list.sql",
        student.uuid(),
        None::<uuid::Uuid>,
        with_ended,
        after.as_ref().map(|cursor| cursor.key),
        limit_plus_one(limit),
    )
    .fetch(pool)
    .map_ok(|Json(entry)| entry);
    let cursor = |row: &WaitlistEntryView| Cursor {
        sort: SORT.to_owned(),
        key: row.entry.joined_position.to_bigint(),
        id: row.entry.entry_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}
