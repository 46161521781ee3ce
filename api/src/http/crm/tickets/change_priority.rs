//! `POST /crm/tickets/{id}/priority`: gives a ticket another priority.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::TicketId;
use domain::support::{Classification, TicketCommand};
use serde::Deserialize;

use super::action::act;
use super::view::TicketDetail;
use crate::app::Shared;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::tickets::create::priority;

/// How urgent it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPriority {
    /// `low`, `medium`, `high` or `urgent`.
    priority: String,
}

/// Gives a ticket another priority.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`; 412 `stale_version`.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/priority",
    operation_id = "crm_prioritise_ticket",
    tag = "desk",
    params(("id" = Uuid, Path)),
    request_body = NewPriority,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn prioritise(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    Json(NewPriority { priority: code }): Json<NewPriority>,
) -> Result<impl IntoResponse, Problem> {
    let priority = Some(priority(&code)?);
    let command = TicketCommand::ClassifyTicket(Classification { priority, ..Classification::default() });
    act(&app, &caller, &asking, ticket_id, command).await
}
