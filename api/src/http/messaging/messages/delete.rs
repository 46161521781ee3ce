//! `DELETE /messages/{id}`: deletes a message of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::messaging::ConversationCommand;
use domain::{Command, Dispatch, MessageId};

use super::lookup::{load_visible_message, to_sent_message};
use super::view::MessageView;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::messaging::attachments::store;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Deletes a message of the caller.
///
/// Its text, former texts and attachments are deleted. The message stays in the conversation as deleted.
///
/// Refusals: 403 `not_the_author`; 404 `message_not_found`.
#[utoipa::path(
    delete,
    path = "/messages/{id}",
    tag = "messages",
    params(Invocation, ("id" = Uuid, Path)),
    responses((status = 200, body = MessageView)),
)]
pub async fn delete_message(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<MessageId>,
) -> Result<impl IntoResponse, Problem> {
    let row = load_visible_message(&app, id, caller.account_id).await?;
    let command =
        ConversationCommand::DeleteMessage { message: to_sent_message(&row), by: caller.account_id };
    let receipt =
        app.bus.dispatch(Command::Conversation(row.conversation_id, command), invocation.context()).await?;
    if !row.attachments.is_empty() {
        store::delete_files(&app.pool, id).await?;
    }
    let mut view = MessageView::from(row);
    view.body = None;
    view.deleted = true;
    view.attachments.clear();
    Ok((LogPosition(receipt.position), ETag(receipt.version()), Answer(view)))
}
