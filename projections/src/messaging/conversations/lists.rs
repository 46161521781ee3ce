//! Conversations of a person, and their participants.

use domain::{AccountId, ConversationId, ObjectId};
use futures::TryStreamExt;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use super::rows::{ConversationRow, MessageRow, ParticipantRow};

const SORT: &str = "-active";

/// Conversation in the list of a participant.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ConversationOverview {
    pub conversation: ConversationRow,
    pub own: ParticipantRow,
    /// Present and former participants.
    pub people: Vec<ConversationPerson>,
    /// Last message that is neither deleted nor cleared.
    pub last_message: Option<MessageRow>,
}

/// Present or former participant.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ConversationPerson {
    pub account_id: AccountId,
    pub gone: bool,
    pub read_up_to: u64,
    pub blocked: bool,
    /// `None` if the person is erased; see [`crate::accounts::pseudonym`].
    pub name: Option<String>,
    pub nickname: Option<String>,
    pub avatar: Option<ObjectId>,
    /// Names of the roles. Empty if the directory does not know the person yet.
    pub roles: Vec<String>,
}

/// Loads one page of a person's conversations, the latest activity first. Hidden ones are left out until the
/// next message.
///
/// # Errors
/// [`QueryError::Cursor`] if the cursor belongs to another list. [`QueryError::Database`] if the database is
/// unavailable.
pub async fn conversations(
    pool: &PgPool,
    person: AccountId,
    archived: bool,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<ConversationOverview>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let rows = sqlx::query_file_scalar!(
        "src/messaging/conversations/list.sql",
        person.uuid(),
        archived,
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        limit_plus_one(limit),
    )
    .fetch(pool)
    .map_ok(|Json(overview)| overview);
    let cursor = |row: &ConversationOverview| Cursor {
        sort: SORT.to_owned(),
        key: row.conversation.active_position.to_bigint(),
        id: row.conversation.conversation_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}

/// Number of unread messages, and of the conversations that have some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadMessages {
    pub messages: u64,
    pub conversations: u64,
}

/// Counts the unread messages of a person, without archived and hidden conversations.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn count_unread_messages(pool: &PgPool, person: AccountId) -> Result<UnreadMessages, QueryError> {
    let counts = sqlx::query!(
        r#"select coalesce(sum(head - read_up_to), 0)::bigint as "messages!", count(*) as "conversations!"
           from app.conversation_participants
           join app.conversations using (conversation_id)
           where account_id = $1
             and not gone
             and not archived
             and (hidden_up_to is null or hidden_up_to < head)
             and head > read_up_to"#,
        person.uuid(),
    );
    let counts = counts.fetch_one(pool).await?;
    Ok(UnreadMessages {
        messages: counts.messages.cast_unsigned(),
        conversations: counts.conversations.cast_unsigned(),
    })
}

/// Loads the last message that is neither deleted nor cleared for the reader.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn last_message(
    pool: &PgPool,
    conversation_id: ConversationId,
    cleared_up_to: u64,
) -> Result<Option<MessageRow>, QueryError> {
    let found = sqlx::query_scalar!(
        r#"select to_jsonb(message) - 'search' as "row!: Json<MessageRow>"
           from app.messages as message
           where conversation_id = $1
             and sequence > $2
             and not deleted
           order by sequence desc
           limit 1"#,
        conversation_id.uuid(),
        cleared_up_to.cast_signed(),
    );
    Ok(found.fetch_optional(pool).await?.map(|Json(row)| row))
}

/// Loads the names of people whom the directory knows, without their data as participants.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn people(pool: &PgPool, ids: &[AccountId]) -> Result<Vec<ConversationPerson>, QueryError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let found = sqlx::query_scalar!(
        r#"select jsonb_build_object(
             'account_id', account_id, 'gone', false, 'read_up_to', 0, 'blocked', false, 'name', name,
             'nickname', nickname, 'avatar', avatar, 'roles', roles) as "row!: Json<ConversationPerson>"
           from app.accounts
           where account_id = any($1)"#,
        &ids,
    );
    Ok(found.fetch_all(pool).await?.into_iter().map(|Json(row)| row).collect())
}
