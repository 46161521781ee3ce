//! `POST /tickets/{id}/replies`: adds a reply to a ticket of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::support::TicketCommand;
use domain::{Command, Dispatch, ReplyId, TicketId};
use serde::Deserialize;
use uuid::Uuid;

use super::history::{TicketHistory, TicketReplyView};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::crm::tickets::merge_targets::MergeTargets;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Text of a reply or a note.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketTextRequest {
    #[schema(min_length = 1, max_length = 10_000)]
    pub body: String,
}

/// Derives the id of the reply that a request adds; a repeated request has the same id.
pub fn derive_reply_id(invocation: &Invocation) -> ReplyId {
    ReplyId(Uuid::new_v5(&invocation.context().command_id.uuid(), b"reply"))
}

/// Adds a reply to a ticket of the caller.
///
/// A waiting ticket is in progress again; a resolved ticket is reopened.
///
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged` with the ticket of the caller where it
/// goes on; 422 per field.
#[utoipa::path(
    post,
    path = "/tickets/{id}/replies",
    tag = "tickets",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = TicketTextRequest,
    responses((status = 201, body = TicketReplyView)),
)]
pub async fn reply_to_own_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(TicketTextRequest { body }): Json<TicketTextRequest>,
) -> Result<impl IntoResponse, Problem> {
    let (reply_id, by) = (derive_reply_id(&invocation), caller.account_id);
    let command = TicketCommand::ReplyAsRequester { reply_id, by, body };
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), invocation.context()).await;
    let receipt = MergeTargets(&app).name_last(receipt.map_err(Problem::from), Some(by)).await?;
    let history = TicketHistory::load_for_requester(&app, ticket_id, by).await?;
    let reply = history.replies.iter().find(|reply| reply.id == reply_id.uuid());
    let reply = reply.map(|reply| history.view_message(reply, invocation.request.language));
    let reply = reply.ok_or_else(Problem::not_found)?;
    Ok((StatusCode::CREATED, LogPosition(receipt.position), ETag(history.version), Answer(reply)))
}
