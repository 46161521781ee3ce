//! `POST /crm/tickets/{id}/tags`: replaces the tags of a ticket.

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

/// New tags of a ticket.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTagsRequest {
    /// At most 20, of at most 50 characters.
    tags: Vec<String>,
}

/// Replaces the tags of a ticket.
///
/// Refusals: 404 `ticket_not_found`; 409 `ticket_merged`; 412 `stale_version`; 422 per field.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/tags",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = ChangeTagsRequest,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn change_ticket_tags(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(ChangeTagsRequest { tags }): Json<ChangeTagsRequest>,
) -> Result<impl IntoResponse, Problem> {
    let tags = Some(tags);
    let command = TicketCommand::ClassifyTicket(Classification { tags, ..Classification::default() });
    dispatch_and_respond(&app, &caller, &invocation, ticket_id, command).await
}
