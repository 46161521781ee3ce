//! Queries of messages: a range of a conversation, one message, its former texts.

use domain::{AccountId, ConversationId, MessageId};
use projection_runtime::paging::QueryError;
use sqlx::PgPool;
use sqlx::types::Json;

use super::rows::{EditRow, MessageRow};

/// Range of message numbers in a conversation. Both bounds are exclusive.
#[derive(Clone, Copy, Debug)]
pub struct MessageWindow {
    pub after: u64,
    pub before: u64,
    /// `true`: the limit counts back from `before`. `false`: it counts on from `after`.
    pub newest: bool,
}

/// Loads up to `limit` messages, in the order of sending.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn messages(
    pool: &PgPool,
    conversation_id: ConversationId,
    window: MessageWindow,
    limit: u32,
) -> Result<Vec<MessageRow>, QueryError> {
    let (after, before) = (to_bigint(window.after), to_bigint(window.before));
    let rows = if window.newest {
        let newest = sqlx::query_scalar!(
            r#"select to_jsonb(message) - 'search' as "row!: Json<MessageRow>"
               from app.messages as message
               where conversation_id = $1
                 and sequence > $2
                 and sequence < $3
               order by sequence desc
               limit $4"#,
            conversation_id.uuid(),
            after,
            before,
            i64::from(limit),
        );
        let mut rows = newest.fetch_all(pool).await?;
        rows.reverse();
        rows
    } else {
        let oldest = sqlx::query_scalar!(
            r#"select to_jsonb(message) - 'search' as "row!: Json<MessageRow>"
               from app.messages as message
               where conversation_id = $1
                 and sequence > $2
                 and sequence < $3
               order by sequence
               limit $4"#,
            conversation_id.uuid(),
            after,
            before,
            i64::from(limit),
        );
        oldest.fetch_all(pool).await?
    };
    Ok(rows.into_iter().map(|Json(row)| row).collect())
}

/// Loads a message for any reader.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn message(pool: &PgPool, message_id: MessageId) -> Result<Option<MessageRow>, QueryError> {
    let found = sqlx::query_scalar!(
        r#"select to_jsonb(message) - 'search' as "row!: Json<MessageRow>"
           from app.messages as message
           where message_id = $1"#,
        message_id.uuid(),
    );
    Ok(found.fetch_optional(pool).await?.map(|Json(row)| row))
}

/// Loads the former texts of a message, the oldest first.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn message_history(pool: &PgPool, message_id: MessageId) -> Result<Vec<EditRow>, QueryError> {
    let found = sqlx::query_scalar!(
        r#"select to_jsonb(edit) as "row!: Json<EditRow>"
           from app.message_edits as edit
           where message_id = $1
           order by position"#,
        message_id.uuid(),
    );
    Ok(found.fetch_all(pool).await?.into_iter().map(|Json(row)| row).collect())
}

/// Loads every conversation in which a person is or was a participant.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn conversations_of_participant(
    pool: &PgPool,
    person: AccountId,
) -> Result<Vec<(ConversationId, bool)>, QueryError> {
    let found = sqlx::query!(
        "select conversation_id, gone
         from app.conversation_participants
         where account_id = $1
         order by conversation_id",
        person.uuid(),
    );
    Ok(found.fetch_all(pool).await?.into_iter().map(|row| (row.conversation_id.into(), row.gone)).collect())
}

/// Loads the messages of a person in a conversation, in the order of sending, from after `after`. Unless the
/// person has left, also loads the messages of others that are not cleared for the person.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn messages_for_export(
    pool: &PgPool,
    conversation_id: ConversationId,
    person: AccountId,
    after: u64,
    limit: u32,
) -> Result<Vec<MessageRow>, QueryError> {
    let found = sqlx::query_scalar!(
        r#"select to_jsonb(message) - 'search' as "row!: Json<MessageRow>"
           from app.messages as message
           join app.conversation_participants as own using (conversation_id)
           where conversation_id = $1
             and own.account_id = $2
             and (message.sender = $2 or (not own.gone and message.sequence > own.cleared_up_to))
             and message.sequence > $3
           order by message.sequence
           limit $4"#,
        conversation_id.uuid(),
        person.uuid(),
        to_bigint(after),
        i64::from(limit),
    );
    Ok(found.fetch_all(pool).await?.into_iter().map(|Json(row)| row).collect())
}

/// Converts a number for Postgres.
fn to_bigint(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
