//! Read model `directory`, table `app.accounts`.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::{AccountId, ContextName, Event, RecordedEvent};
use projection_runtime::text_search::normalize;
use projection_runtime::{ApplyError, ReadModel};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::AccountRow;
use super::apply::{apply_event, rewrites_row};
use crate::accounts::account_changes::{Touches, account_id, rows_to_rewrite};

/// Read model that writes `app.accounts`.
#[derive(Clone, Copy, Debug, Default)]
pub struct DirectoryReadModel;

#[async_trait]
impl ReadModel for DirectoryReadModel {
    fn name(&self) -> &'static str {
        "directory"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.accounts"]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
        &["accounts (created_at, account_id)", "accounts (search)"]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        ContextName::of_aggregate(aggregate_type) == Some(ContextName::Accounts)
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let rows_to_rewrite = rows_to_rewrite(events, rewrites_row)?;
        let mut rows = load(db, &rows_to_rewrite.stored_ids).await?;
        let mut touches = Touches::default();
        for recorded in events {
            if let Event::Account(event) = &recorded.event {
                let id = account_id(recorded)?;
                if rows_to_rewrite.account_ids.contains(&id) {
                    apply_event(&mut rows, id, event, recorded);
                } else {
                    touches.record(id, event, recorded);
                }
            }
        }
        save(db, rows.values()).await?;
        save_touches(db, &touches).await
    }
}

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<AccountId, AccountRow>, ApplyError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_file_as!(AccountRow, "src/accounts/directory/load.sql", ids).fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row)).collect())
}

/// Row for writing, with its search text.
#[derive(Serialize)]
struct AccountRecord<'a> {
    #[serde(flatten)]
    row: &'a AccountRow,
    words: String,
}

async fn save(db: &mut PgConnection, rows: impl Iterator<Item = &AccountRow>) -> Result<(), ApplyError> {
    let rows: Vec<AccountRecord<'_>> = rows
        .map(|row| {
            let texts = [&row.name, &row.nickname, &row.email, &row.phone];
            AccountRecord { row, words: normalize(texts.into_iter().flatten().map(String::as_str)) }
        })
        .collect();
    if !rows.is_empty() {
        sqlx::query_file!("src/accounts/directory/save.sql", Json(&rows) as _).execute(db).await?;
    }
    Ok(())
}

async fn save_touches(db: &mut PgConnection, touches: &Touches) -> Result<(), ApplyError> {
    if !touches.is_empty() {
        let new = touches.to_columns();
        sqlx::query!(
            "update accounts
             set version = new.version,
                 last_active_at = coalesce(new.last_active_at, accounts.last_active_at)
             from unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) as new (account_id, version, last_active_at)
             where accounts.account_id = new.account_id",
            &new.ids,
            &new.versions,
            &new.active_at as _,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}
