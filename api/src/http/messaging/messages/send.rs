//! `POST /conversations/{id}/messages`: sends a message, once for each `client_id`.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::messaging::{ConversationCommand, ConversationEvent, NewMessage, message_id, send_command_id};
use domain::{
    Command, CommandContext, ConversationId, Dispatch, DispatchError, Event, ObjectId, RecordedEvent,
};
use projections::messaging::{AttachmentRow, message};
use serde::Deserialize;
use uuid::Uuid;

use super::view::{AttachmentView, MessageView};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::messaging::attachments::store;
use crate::http::messaging::log_lookup::load_event_at;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Message to send. The sender is the caller.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendMessageRequest {
    /// Id that the client chooses; a repetition with the same id does not send a second message.
    client_id: Uuid,
    /// Text; may be empty if there is an attachment.
    #[serde(default)]
    #[schema(max_length = 10000)]
    body: String,
    /// Ids from `POST /attachments`; a file can be in one message only.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 10)]
    attachments: Vec<ObjectId>,
}

/// Sends a message to a conversation.
///
/// A repeated `client_id` returns the first message with status 200.
///
/// Refusals: 403 `blocked`; 404 `conversation_not_found`; 422 per field.
#[utoipa::path(
    post,
    path = "/conversations/{id}/messages",
    tag = "messages",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = SendMessageRequest,
    responses((status = 201, body = MessageView), (status = 200, body = MessageView)),
)]
pub async fn send_message(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(conversation_id): Path<ConversationId>,
    Json(new): Json<SendMessageRequest>,
) -> Result<impl IntoResponse, Problem> {
    let sender = caller.account_id;
    let id = message_id(conversation_id, sender, new.client_id);
    let attachments = store::claim_files(&app.pool, sender, id, &new.attachments).await?;
    let draft = NewMessage { message_id: id, sender, body: new.body, attachments, client_id: new.client_id };
    let command_id = send_command_id(conversation_id, sender, new.client_id);
    let context = CommandContext { command_id, ..invocation.context() };
    let command = ConversationCommand::SendMessage(Box::new(draft));
    let dispatched = app.bus.dispatch(Command::Conversation(conversation_id, command), context).await;
    if let Err(DispatchError::Refused(_)) = &dispatched
        && !new.attachments.is_empty()
    {
        store::release_files(&app.pool, id, &[]).await?;
    }
    let receipt = dispatched?;
    let first = load_event_at(&app, receipt.position)
        .await?
        .and_then(view_sent_message)
        .ok_or_else(Problem::not_found)?;
    let (status, view) = if receipt.replayed {
        if !new.attachments.is_empty() {
            let sent_with: Vec<Uuid> = first.attachments.iter().map(|file| file.id.uuid()).collect();
            store::release_files(&app.pool, id, &sent_with).await?;
        }
        // The message may have been edited or deleted since.
        let now = message(&app.pool, id).await?.map_or(first, MessageView::from);
        (StatusCode::OK, now)
    } else {
        (StatusCode::CREATED, first)
    };
    Ok((status, LogPosition(receipt.position), ETag(receipt.version()), Answer(view)))
}

/// Builds the view of a sent message from its event.
fn view_sent_message(recorded: RecordedEvent) -> Option<MessageView> {
    let Event::Conversation(ConversationEvent::MessageSent {
        message_id,
        sequence,
        sender,
        body,
        attachments,
        client_id,
    }) = recorded.event
    else {
        return None;
    };
    Some(MessageView {
        id: message_id,
        conversation_id: recorded.stream.aggregate_id.parse().ok()?,
        sequence,
        sender_id: sender,
        body: body.into_known(),
        sent_at: recorded.recorded_at,
        edited_at: None,
        deleted: false,
        client_id,
        attachments: attachments
            .iter()
            .filter_map(AttachmentRow::from_attachment)
            .map(AttachmentView::from)
            .collect(),
    })
}
