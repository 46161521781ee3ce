//! `POST /crm/tickets/{id}/status`: changes the status of a ticket.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::TicketId;
use domain::support::{Status, TicketCommand};
use serde::Deserialize;

use super::action::dispatch_and_respond;
use super::view::TicketDetail;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// New status of a ticket.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeStatusRequest {
    /// `open`, `in_progress`, `waiting`, `resolved` or `closed`.
    status: String,
}

/// Changes the status of a ticket.
///
/// `open` reopens a resolved or closed ticket.
/// Refusals: 404 `ticket_not_found`; 409 `status_out_of_order`, `ticket_merged`; 412 `stale_version`.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/status",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = ChangeStatusRequest,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn change_ticket_status(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(ChangeStatusRequest { status: code }): Json<ChangeStatusRequest>,
) -> Result<impl IntoResponse, Problem> {
    let command = TicketCommand::ChangeStatus { to: parse_status(&code)? };
    dispatch_and_respond(&app, &caller, &invocation, ticket_id, command).await
}

/// Parses a status.
///
/// # Errors
/// `invalid_fields` at `/status` (422) for an unknown status.
pub(super) fn parse_status(code: &str) -> Result<Status, Problem> {
    Status::parse(code).ok_or_else(|| Problem::field("/status", "unknown"))
}
