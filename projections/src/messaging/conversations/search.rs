//! Full-text search over all conversations of a person.

use domain::AccountId;
use futures::TryStreamExt;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use projection_runtime::text_search::{SearchText, sort_key, to_tsquery};
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use super::rows::MessageRow;

const SORT: &str = "-found";

/// Filter of the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    Account(AccountId),
    /// Nickname, in any case.
    Nickname(String),
}

/// Filter of messages. A field that is `None` does not filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessageFilter {
    /// Words that must all occur, in any form or as the beginning of a word.
    pub words: Option<SearchText>,
    pub from: Option<Sender>,
    pub before: Option<Timestamp>,
}

/// Loads one page of the matching messages that a person may read, the newest first.
///
/// # Errors
/// [`QueryError::Cursor`] if the cursor belongs to another list. [`QueryError::Database`] if the database is
/// unavailable.
pub async fn search_messages(
    pool: &PgPool,
    person: AccountId,
    filter: &MessageFilter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<MessageRow>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let senders = match &filter.from {
        None => None,
        Some(Sender::Account(id)) => Some(vec![id.uuid()]),
        Some(Sender::Nickname(nickname)) => Some(find_by_nickname(pool, person, nickname).await?),
    };
    let rows = sqlx::query_file_scalar!(
        "src/messaging/conversations/search.sql",
        person.uuid(),
        to_tsquery(filter.words.as_ref()),
        senders.as_deref(),
        filter.before.map(Timestamp::to_sqlx) as _,
        after.as_ref().map(|cursor| cursor.key),
        limit_plus_one(limit),
    )
    .fetch(pool)
    .map_ok(|Json(row)| row);
    let cursor = |row: &MessageRow| Cursor {
        sort: SORT.to_owned(),
        key: row.position.to_bigint(),
        id: row.message_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}

/// Finds people with this nickname in the conversations of a person. The code compares the nicknames, because
/// case folding in Postgres depends on the locale of the database.
async fn find_by_nickname(
    pool: &PgPool,
    person: AccountId,
    nickname: &str,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let people = sqlx::query!(
        r#"select distinct other.account_id, account.nickname as "nickname!"
           from app.conversation_participants as own
           join app.conversation_participants as other using (conversation_id)
           join app.accounts as account on account.account_id = other.account_id
           where own.account_id = $1
             and not own.gone
             and account.nickname is not null"#,
        person.uuid(),
    )
    .fetch_all(pool)
    .await?;
    let searched_key = sort_key(nickname);
    let is_match = |known: &str| sort_key(known) == searched_key;
    Ok(people.into_iter().filter(|row| is_match(&row.nickname)).map(|row| row.account_id).collect())
}
