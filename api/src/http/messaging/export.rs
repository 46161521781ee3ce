//! The part of `GET /me/export` that is about conversations: what one said, and what others said to one.

use domain::{AccountId, ConversationId};
use projections::messaging::{conversations_of_participant, messages_for_export};
use serde::Serialize;

use super::messages::view::MessageView;
use crate::app::App;
use crate::http::problem::Problem;

/// How many messages are read at a time.
const CHUNK: u32 = 500;

/// A conversation that one takes part in, or did.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedConversation {
    #[schema(value_type = uuid::Uuid)]
    id: ConversationId,
    /// One has left it: only what one said oneself is there.
    left: bool,
    messages: Vec<MessageView>,
}

/// Every conversation of a person with what that person may read of it.
///
/// # Errors
/// Postgres is away.
pub async fn export_conversations(
    app: &App,
    person: AccountId,
) -> Result<Vec<ExportedConversation>, Problem> {
    let mut own = Vec::new();
    for (id, left) in conversations_of_participant(&app.pool, person).await? {
        let (mut messages, mut after) = (Vec::new(), 0);
        loop {
            let rows = messages_for_export(&app.pool, id, person, after, CHUNK).await?;
            let is_last = rows.len() < CHUNK as usize;
            after = rows.last().map_or(after, |row| row.sequence);
            messages.extend(rows.into_iter().map(MessageView::from));
            if is_last {
                break;
            }
        }
        own.push(ExportedConversation { id, left, messages });
    }
    Ok(own)
}
