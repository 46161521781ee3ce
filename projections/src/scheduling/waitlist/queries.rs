//! What a student asks of their places in the lines.

use domain::{AccountId, WaitlistEntryId};
use futures::TryStreamExt;
use jiff::Timestamp;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::types::Json;

use super::WaitlistRow;

const SORT: &str = "-joined";

/// A place in a line with what explains it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct WaitlistEntryView {
    #[serde(flatten)]
    pub entry: WaitlistRow,
    /// How many stand before this one, and how many of them have a seat offered; 0 once it has ended.
    pub ahead: i64,
    pub ahead_offered: i64,
    pub teacher: Option<AccountId>,
    pub teacher_name: Option<String>,
    pub subject: Option<String>,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
}

/// The student's own place, if it is there and theirs.
///
/// # Errors
/// The database is away.
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

/// One page of the student's own places, the latest first.
///
/// # Errors
/// The database is away, or the cursor is another list's.
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
        key: row.entry.joined_position,
        id: row.entry.entry_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}
