//! Messages found by their words, over all conversations of a person.

use domain::AccountId;
use futures::TryStreamExt;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use projection_runtime::text_search::{sort_key, to_tsquery};
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use super::rows::MessageRow;

const SORT: &str = "-found";

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    Account(AccountId),
    /// Whatever its case.
    Nickname(String),
}

/// Which messages; what is `None` does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessageFilter {
    /// All of them occur, in any of their forms or as beginnings.
    pub words: Option<String>,
    pub from: Option<Sender>,
    pub before: Option<Timestamp>,
}

/// One page of what somebody may read and looks for, the newest first.
///
/// # Errors
/// The database is away, or the cursor is another list's.
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
        to_tsquery(filter.words.as_deref()),
        senders.as_deref(),
        filter.before.map(Timestamp::to_sqlx) as _,
        after.as_ref().map(|cursor| cursor.key),
        limit_plus_one(limit),
    )
    .fetch(pool)
    .map_ok(|Json(row)| row);
    let cursor =
        |row: &MessageRow| Cursor { sort: SORT.to_owned(), key: row.position, id: row.message_id.uuid() };
    collect_page(rows, limit, cursor).await
}

/// Those with this nickname among the people whom somebody talks with. Compared here and not by Postgres,
/// whose folding depends on the locale of the database.
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
