//! `POST /crm/tickets/{id}/replies`: replies to the requester.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::support::TicketCommand;
use domain::{Command, Dispatch, Position, TicketId};
use uuid::Uuid;

use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::tickets::history::{TicketHistory, TicketMessage, TicketReplyView};
use crate::http::support::tickets::reply::{TicketTextRequest, derive_reply_id};

/// Replies to the requester.
///
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`; 412 `stale_version`;
/// 422 per field.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/replies",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = TicketTextRequest,
    responses((status = 201, body = TicketReplyView)),
)]
pub async fn reply_to_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(TicketTextRequest { body }): Json<TicketTextRequest>,
) -> Result<impl IntoResponse, Problem> {
    let (reply_id, by) = (derive_reply_id(&invocation), caller.account_id);
    let command = TicketCommand::ReplyAsAgent { reply_id, by, body };
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), invocation.context()).await?;
    let story = TicketHistory::load(&app, ticket_id).await?;
    respond_with_message(&story, &story.replies, reply_id.uuid(), receipt.position, &invocation)
}

pub(super) fn respond_with_message(
    story: &TicketHistory,
    list: &[TicketMessage],
    id: Uuid,
    position: Position,
    invocation: &Invocation,
) -> Result<(StatusCode, LogPosition, ETag, Answer<TicketReplyView>), Problem> {
    let said = list.iter().find(|said| said.id == id).ok_or_else(Problem::not_found)?;
    let said = story.view_message(said, invocation.request.language);
    Ok((StatusCode::CREATED, LogPosition(position), ETag(story.version), Answer(said)))
}
