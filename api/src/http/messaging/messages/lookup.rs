//! Lookup of a message that a participant may see.

use domain::messaging::{ConversationError, SentMessage};
use domain::{AccountId, MessageId, RefusalError};
use projections::messaging::{MessageRow, message};

use super::view::load_as_participant;
use crate::app::App;
use crate::http::problem::Problem;

/// Loads a message that the person may see.
///
/// # Errors
/// 404 `message_not_found` if there is none, or the person may not see it; 503 `projection_behind` if the read
/// model does not catch up in time.
pub(crate) async fn load_visible_message(
    app: &App,
    id: MessageId,
    person: AccountId,
) -> Result<MessageRow, Problem> {
    let not_found = || Problem::from(ConversationError::MessageNotFound.refusal());
    let row = find_message(app, id).await?.ok_or_else(not_found)?;
    let (_, own) = load_as_participant(app, row.conversation_id, person).await.map_err(|problem| {
        if problem.code == ConversationError::NotFound.refusal().code { not_found() } else { problem }
    })?;
    if row.sequence > own.cleared_up_to { Ok(row) } else { Err(not_found()) }
}

/// Finds a message. An unknown message may be new, so the function waits until the read model has reached the
/// end of the log.
async fn find_message(app: &App, id: MessageId) -> Result<Option<MessageRow>, Problem> {
    if let Some(row) = message(&app.pool, id).await? {
        return Ok(Some(row));
    }
    let committed = *app.bus.committed().borrow();
    if !app.freshness.wait_for("conversations", committed, app.settings.min_position_wait).await {
        return Err(Problem::new("projection_behind").retry_after(std::time::Duration::from_secs(1)));
    }
    Ok(message(&app.pool, id).await?)
}

pub(super) fn to_sent_message(row: &MessageRow) -> SentMessage {
    SentMessage { message_id: row.message_id, sequence: row.sequence, sender: row.sender }
}
