//! `PATCH /messages/{id}`, `DELETE`, `GET …/history`, `POST …/report`: one message that was sent.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::messaging::{ConversationCommand, ConversationError, ConversationEvent, SentMessage};
use domain::{AccountId, Command, Dispatch, Event, MessageId, Refuses};
use jiff::Timestamp;
use projections::messaging::{EditRow, MessageRow, message, message_history};
use serde::{Deserialize, Serialize};

use super::attachments::store;
use super::collection::event_at;
use super::view::{MessageView, seen};
use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, MinPosition, Version};
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// What it shall say instead.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBody {
    #[schema(min_length = 1, max_length = 10000)]
    body: String,
}

/// Edits a message of one's own; its participants see that, and what it said before.
/// Refusals: 403 `not_the_author`, `blocked`; 404 `message_not_found`; 409 `message_deleted`; 422 per field.
#[utoipa::path(
    patch,
    path = "/messages/{id}",
    operation_id = "edit_message",
    tag = "messages",
    params(("id" = Uuid, Path)),
    request_body = NewBody,
    responses((status = 200, body = MessageView)),
)]
pub async fn edit(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<MessageId>,
    Json(new): Json<NewBody>,
) -> Result<impl IntoResponse, Problem> {
    let row = found(&app, id, caller.account_id).await?;
    let command =
        ConversationCommand::EditMessage { message: sent(&row), by: caller.account_id, body: new.body };
    let receipt =
        app.bus.dispatch(Command::Conversation(row.conversation_id, command), asking.context()).await?;
    let edited = event_at(&app, receipt.position).await?;
    let mut view = MessageView::from(row);
    if let Some(edited) = edited
        && let Event::Conversation(ConversationEvent::MessageEdited { body, .. }) = edited.event
    {
        view.body = body.into_known();
        view.edited_at = Some(edited.recorded_at);
    }
    Ok((LogPosition(receipt.position), Version(receipt.version()), Answer(view)))
}

/// Deletes a message of one's own, with its attachments and former texts; an empty place is left.
/// Refusals: 403 `not_the_author`; 404 `message_not_found`.
#[utoipa::path(
    delete,
    path = "/messages/{id}",
    operation_id = "delete_message",
    tag = "messages",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = MessageView)),
)]
pub async fn delete(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<MessageId>,
) -> Result<impl IntoResponse, Problem> {
    let row = found(&app, id, caller.account_id).await?;
    let command = ConversationCommand::DeleteMessage { message: sent(&row), by: caller.account_id };
    let receipt =
        app.bus.dispatch(Command::Conversation(row.conversation_id, command), asking.context()).await?;
    if !row.attachments.is_empty() {
        store::forget(&app.pool, id).await?;
    }
    let mut view = MessageView::from(row);
    view.body = None;
    view.deleted = true;
    view.attachments.clear();
    Ok((LogPosition(receipt.position), Version(receipt.version()), Answer(view)))
}

/// A text that a message had.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MessageText)]
pub struct TextView {
    body: String,
    #[schema(value_type = String, format = DateTime)]
    written_at: Timestamp,
}

/// Every text that a message had.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = MessageHistory)]
pub struct HistoryView {
    /// The oldest first, the present one last; none of a deleted message.
    data: Vec<TextView>,
}

/// What a message said before and says now, for those who take part in its conversation.
/// Refusals: 404 `message_not_found`.
#[utoipa::path(
    get,
    path = "/messages/{id}/history",
    operation_id = "message_history",
    tag = "messages",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = HistoryView)),
)]
pub async fn history(
    State(app): State<Shared>,
    caller: Caller,
    fresh: MinPosition,
    Path(id): Path<MessageId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.reached(&app, &["conversations"]).await?;
    let row = found(&app, id, caller.account_id).await?;
    let former = message_history(&app.pool, id).await?;
    let mut data: Vec<TextView> = former.into_iter().map(TextView::from).collect();
    let written_at = row.edited_at.unwrap_or(row.sent_at);
    data.extend(row.body.map(|body| TextView { body, written_at }));
    Ok(Answer(HistoryView { data }))
}

impl From<EditRow> for TextView {
    fn from(row: EditRow) -> Self {
        Self { body: row.body, written_at: row.written_at }
    }
}

/// Why it is reported.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Shows support a message that somebody else wrote, as it reads now.
/// Refusals: 404 `message_not_found`; 409 `own_message`; 422 per field.
#[utoipa::path(
    post,
    path = "/messages/{id}/report",
    operation_id = "report_message",
    tag = "messages",
    params(("id" = Uuid, Path)),
    request_body = NewReport,
    responses((status = 204)),
)]
pub async fn report(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<MessageId>,
    Json(new): Json<NewReport>,
) -> Result<impl IntoResponse, Problem> {
    let row = found(&app, id, caller.account_id).await?;
    let command =
        ConversationCommand::ReportMessage { message: sent(&row), by: caller.account_id, reason: new.reason };
    let receipt =
        app.bus.dispatch(Command::Conversation(row.conversation_id, command), asking.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}

/// The message, if it is there for this person.
///
/// # Errors
/// It is not, whether there is one or not: 404. Nobody can tell yet: 503 `projection_behind`.
pub(super) async fn found(app: &App, id: MessageId, person: AccountId) -> Result<MessageRow, Problem> {
    let not_found = || Problem::from(ConversationError::MessageNotFound.refusal());
    let row = newest(app, id).await?.ok_or_else(not_found)?;
    let (_, own) = seen(app, row.conversation_id, person).await.map_err(|problem| {
        if problem.code == ConversationError::NotFound.refusal().code { not_found() } else { problem }
    })?;
    if row.sequence > own.cleared_up_to { Ok(row) } else { Err(not_found()) }
}

/// What is not known yet may have been sent a moment ago: it will be known when the read model is where
/// the log is now.
async fn newest(app: &App, id: MessageId) -> Result<Option<MessageRow>, Problem> {
    if let Some(row) = message(&app.pool, id).await? {
        return Ok(Some(row));
    }
    let committed = *app.bus.committed().borrow();
    if !app.freshness.reached("conversations", committed, app.settings.min_position_wait).await {
        return Err(Problem::new("projection_behind").retry_after(std::time::Duration::from_secs(1)));
    }
    Ok(message(&app.pool, id).await?)
}

fn sent(row: &MessageRow) -> SentMessage {
    SentMessage { message_id: row.message_id, sequence: row.sequence, sender: row.sender }
}
