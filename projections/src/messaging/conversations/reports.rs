//! Reported messages, for the support desk.

use futures::TryStreamExt;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use super::rows::ReportRow;

const SORT: &str = "-reported";

/// Report with the names of the reporter and the sender.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReportDetails {
    #[serde(flatten)]
    pub report: ReportRow,
    /// `None` if the person is erased; see [`crate::accounts::pseudonym`].
    pub sender_name: Option<String>,
    pub reporter_name: Option<String>,
}

/// Loads one page of the reports, the latest first.
///
/// # Errors
/// [`QueryError::Cursor`] if the cursor belongs to another list. [`QueryError::Database`] if the database is
/// unavailable.
pub async fn reports(
    pool: &PgPool,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<ReportDetails>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let rows = sqlx::query_scalar!(
        r#"select to_jsonb(report) || jsonb_build_object(
             'sender_name', sender.name, 'reporter_name', reporter.name) as "row!: Json<ReportDetails>"
           from app.message_reports as report
           left join app.accounts as sender on sender.account_id = report.sender
           left join app.accounts as reporter on reporter.account_id = report.reporter
           where $1::bigint is null
              or report.position < $1
           order by report.position desc
           limit $2"#,
        after.as_ref().map(|cursor| cursor.key),
        limit_plus_one(limit),
    )
    .fetch(pool)
    .map_ok(|Json(row)| row);
    let cursor = |row: &ReportDetails| Cursor {
        sort: SORT.to_owned(),
        key: row.report.position.to_bigint(),
        id: Uuid::nil(),
    };
    collect_page(rows, limit, cursor).await
}
