//! Stored row of a ticket: loading and saving.

use domain::{Position, StreamVersion};
use std::collections::HashMap;

use jiff::Timestamp;
use projection_runtime::ApplyError;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::texts::search_words;

/// Row of a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TicketRecord {
    pub ticket_id: Uuid,
    pub title: Option<String>,
    pub description: Option<String>,
    pub status: String,
    pub own_status: String,
    pub priority: String,
    pub category: String,
    pub tags: Vec<String>,
    pub requester: Uuid,
    pub channel: String,
    pub assignee: Option<Uuid>,
    pub assigned_at: Option<Timestamp>,
    pub merged_into: Option<Uuid>,
    pub opened_at: Timestamp,
    pub updated_at: Timestamp,
    pub first_response_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub replies: i32,
    pub notes: i32,
    pub rating: Option<i16>,
    pub rating_comment: Option<String>,
    pub sla: Option<serde_json::Value>,
    pub first_response_due_at: Option<Timestamp>,
    pub resolution_due_at: Option<Timestamp>,
    pub first_response_missed_at: Option<Timestamp>,
    pub resolution_missed_at: Option<Timestamp>,
    pub due_at: Option<Timestamp>,
    pub version: StreamVersion,
    /// Position of the last event of the ticket.
    pub position: Position,
}

/// Row with its search words, as it is written.
#[derive(Serialize)]
struct SearchableTicket<'a> {
    #[serde(flatten)]
    row: &'a TicketRecord,
    words: String,
    /// Words with contacts; empty if the texts have none.
    words_with_contacts: String,
}

/// Loads the existing rows of these tickets.
pub(super) async fn load(
    db: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, TicketRecord>, ApplyError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_file_scalar!("src/support/tickets/load.sql", ids).fetch_all(db).await?;
    Ok(rows.into_iter().map(|Json(row)| (row.ticket_id, row)).collect())
}

pub(super) async fn save(db: &mut PgConnection, rows: Vec<&TicketRecord>) -> Result<(), ApplyError> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let texts: Vec<&str> =
                [&row.title, &row.description].into_iter().flatten().map(String::as_str).collect();
            let (words, words_with_contacts) = search_words(&texts);
            SearchableTicket { row, words, words_with_contacts }
        })
        .collect();
    sqlx::query_file!("src/support/tickets/save.sql", Json(&rows) as _).execute(db).await?;
    Ok(())
}

/// Inserts the version of a ticket after each event.
pub(super) async fn insert_versions(
    db: &mut PgConnection,
    versions: Vec<TicketRecord>,
) -> Result<(), ApplyError> {
    if !versions.is_empty() {
        sqlx::query_file!("src/support/tickets/keep_versions.sql", Json(versions) as _).execute(db).await?;
    }
    Ok(())
}
