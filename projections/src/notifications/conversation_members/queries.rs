//! What the notifications ask of `talks`.

use domain::ConversationId;
use sqlx::PgPool;

use super::model::{ConversationMembers, to_members};

/// The conversation as the read model has it; `None` where it has not come to it.
pub(crate) async fn find_conversation_members(
    pool: &PgPool,
    id: ConversationId,
) -> Result<Option<ConversationMembers>, sqlx::Error> {
    let row = sqlx::query!("select participants, head from app.talks where conversation_id = $1", id.uuid());
    Ok(row.fetch_optional(pool).await?.map(|row| to_members(row.participants, row.head)))
}
