//! Conversations in `GET /me/export`: the messages that the person may read.

use domain::{AccountId, ConversationId};
use projections::messaging::{conversations_of_participant, messages_for_export};
use serde::Serialize;

use super::messages::view::MessageView;
use crate::app::App;
use crate::http::problem::Problem;

/// Messages that are read in one query.
const CHUNK: u32 = 500;

/// Conversation of which the person is or was a participant.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedConversation {
    #[schema(value_type = uuid::Uuid)]
    id: ConversationId,
    /// `true` if the person has left; then only the person's own messages are exported.
    left: bool,
    messages: Vec<MessageView>,
}

/// Loads all conversations of a person with the messages that the person may read.
///
/// # Errors
/// [`Problem`] if Postgres is unavailable.
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
