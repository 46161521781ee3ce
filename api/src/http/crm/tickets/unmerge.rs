//! `POST /crm/tickets/{id}/unmerge`: undoes the merge of a ticket.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::support::{self, Ticket, TicketError};
use domain::{Dispatch, RefusalError, TicketId};

use super::get::load_detail;
use super::view::TicketDetail;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Undoes the merge of a ticket.
///
/// The ticket has its former state again.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_not_merged`; 412 `stale_version`.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/unmerge",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path)),
    responses((status = 200, body = TicketDetail)),
)]
pub async fn unmerge_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
) -> Result<impl IntoResponse, Problem> {
    let loaded = app.bus.load::<Ticket>(ticket_id).await?;
    let case = loaded.state.case().ok_or_else(|| TicketError::NotFound.refusal())?;
    let from = case.merged_into.ok_or_else(|| TicketError::NotMerged.refusal())?;
    let commands = support::unmerge(ticket_id, from);
    let receipt = app.bus.dispatch_atomically(commands, invocation.context()).await?;
    let (version, ticket) = load_detail(&app, &caller, &invocation, ticket_id).await?;
    Ok((LogPosition(receipt.position), version, ticket))
}
