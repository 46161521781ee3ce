//! `PATCH /messages/{id}`: edits a message of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::messaging::{ConversationCommand, ConversationEvent};
use domain::{Command, Dispatch, Event, MessageId};
use serde::Deserialize;

use super::lookup::{load_visible_message, to_sent_message};
use super::view::MessageView;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::messaging::log_lookup::load_event_at;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// New text of a message.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditMessageRequest {
    #[schema(min_length = 1, max_length = 10000)]
    body: String,
}

/// Edits a message of the caller.
///
/// The participants see that it was edited, and its former texts.
///
/// Refusals: 403 `not_the_author`, `blocked`; 404 `message_not_found`; 409 `message_deleted`; 422 per field.
#[utoipa::path(
    patch,
    path = "/messages/{id}",
    tag = "messages",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = EditMessageRequest,
    responses((status = 200, body = MessageView)),
)]
pub async fn edit_message(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<MessageId>,
    Json(new): Json<EditMessageRequest>,
) -> Result<impl IntoResponse, Problem> {
    let row = load_visible_message(&app, id, caller.account_id).await?;
    let command = ConversationCommand::EditMessage {
        message: to_sent_message(&row),
        by: caller.account_id,
        body: new.body,
    };
    let receipt =
        app.bus.dispatch(Command::Conversation(row.conversation_id, command), invocation.context()).await?;
    let edited = load_event_at(&app, receipt.position).await?;
    let mut view = MessageView::from(row);
    if let Some(edited) = edited
        && let Event::Conversation(ConversationEvent::MessageEdited { body, .. }) = edited.event
    {
        view.body = body.into_known();
        view.edited_at = Some(edited.recorded_at);
    }
    Ok((LogPosition(receipt.position), ETag(receipt.version()), Answer(view)))
}
