//! `POST /crm/tickets/{id}/notes`: adds an internal note to a ticket.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::support::TicketCommand;
use domain::{Command, Dispatch, NoteId, TicketId};
use uuid::Uuid;

use super::reply::respond_with_message;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::tickets::history::{TicketHistory, TicketReplyView};
use crate::http::support::tickets::reply::TicketTextRequest;

/// Adds an internal note to a ticket.
///
/// The requester never sees it. Closed and merged tickets also accept notes.
/// Refusals: 404 `ticket_not_found`; 412 `stale_version`; 422 per field.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/notes",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = TicketTextRequest,
    responses((status = 201, body = TicketReplyView)),
)]
pub async fn add_ticket_note(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(TicketTextRequest { body }): Json<TicketTextRequest>,
) -> Result<impl IntoResponse, Problem> {
    let note_id = NoteId(Uuid::new_v5(&invocation.context().command_id.uuid(), b"note"));
    let command = TicketCommand::AddNote { note_id, by: caller.account_id, body };
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), invocation.context()).await?;
    let story = TicketHistory::load(&app, ticket_id).await?;
    respond_with_message(&story, &story.notes, note_id.uuid(), receipt.position, &invocation)
}
