//! `PATCH /crm/tickets/{id}`: changes priority, category and tags of a ticket together.

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
use crate::http::freshness::IfMatch;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::tickets::create::parse_priority;

/// Fields to change. An absent field stays as it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTicketRequest {
    /// `low`, `medium`, `high` or `urgent`.
    priority: Option<String>,
    #[schema(min_length = 1, max_length = 100)]
    category: Option<String>,
    /// All tags of the ticket. At most 20, of at most 50 characters.
    tags: Option<Vec<String>>,
}

/// Changes priority, category and tags of a ticket.
///
/// All changes succeed, or none. `If-Match` is required.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`; 412 `stale_version`;
/// 422 per field; 428 `if_match_required`.
#[utoipa::path(
    patch,
    path = "/crm/tickets/{id}",
    tag = "desk",
    params(IfMatch, ("id" = Uuid, Path)),
    request_body = ChangeTicketRequest,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn change_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    if_match: IfMatch,
    Path(ticket_id): Path<TicketId>,
    Json(ChangeTicketRequest { priority: code, category, tags }): Json<ChangeTicketRequest>,
) -> Result<impl IntoResponse, Problem> {
    if_match.require()?;
    let priority = code.as_deref().map(parse_priority).transpose()?;
    let command = TicketCommand::ClassifyTicket(Classification { priority, category, tags });
    dispatch_and_respond(&app, &caller, &invocation, ticket_id, command).await
}
