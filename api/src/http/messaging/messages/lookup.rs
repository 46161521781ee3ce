//! Finds a message that a participant sees.

use domain::messaging::{ConversationError, SentMessage};
use domain::{AccountId, MessageId, RefusalError};
use projections::messaging::{MessageRow, message};

use super::view::load_as_participant;
use crate::app::App;
use crate::http::problem::Problem;

/// The message, if it is there for this person.
///
/// # Errors
/// It is not, whether there is one or not: 404. Nobody can tell yet: 503 `projection_behind`.
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

/// What is not known yet may have been sent a moment ago: it will be known when the read model is where
/// the log is now.
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
