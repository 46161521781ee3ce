//! What the notifications ask of `talks`.

use domain::ConversationId;
use sqlx::PgPool;

use super::model::{Talk, talk_of};

/// The conversation as the read model has it; `None` where it has not come to it.
pub(crate) async fn talk(pool: &PgPool, id: ConversationId) -> Result<Option<Talk>, sqlx::Error> {
    let row = sqlx::query!("select participants, head from app.talks where conversation_id = $1", id.uuid());
    Ok(row.fetch_optional(pool).await?.map(|row| talk_of(row.participants, row.head)))
}
