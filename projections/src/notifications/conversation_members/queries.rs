//! Query of the conversation members, for notifications.

use domain::ConversationId;
use sqlx::PgPool;

use super::model::{ConversationMembers, to_members};

/// Loads a conversation, or returns `None` if the read model does not have it yet.
pub(crate) async fn find_conversation_members(
    pool: &PgPool,
    id: ConversationId,
) -> Result<Option<ConversationMembers>, sqlx::Error> {
    let row = sqlx::query!("select participants, head from app.talks where conversation_id = $1", id.uuid());
    Ok(row.fetch_optional(pool).await?.map(|row| to_members(row.participants, row.head)))
}
