//! `POST /crm/tickets/{id}/priority`: changes the priority of a ticket.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::TicketId;
use domain::support::{Classification, TicketCommand};
use serde::Deserialize;

use super::action::dispatch_and_respond;
use super::view::TicketDetail;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::tickets::create::parse_priority;

/// New priority of a ticket.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePriorityRequest {
    /// `low`, `medium`, `high` or `urgent`.
    priority: String,
}

/// Changes the priority of a ticket.
///
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`; 412 `stale_version`.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/priority",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = ChangePriorityRequest,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn change_ticket_priority(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(ChangePriorityRequest { priority: code }): Json<ChangePriorityRequest>,
) -> Result<impl IntoResponse, Problem> {
    let priority = Some(parse_priority(&code)?);
    let command = TicketCommand::ClassifyTicket(Classification { priority, ..Classification::default() });
    dispatch_and_respond(&app, &caller, &invocation, ticket_id, command).await
}
