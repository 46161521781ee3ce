//! `POST /crm/tickets/{id}/category`: changes the category of a ticket.

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

/// New category of a ticket.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeCategoryRequest {
    #[schema(min_length = 1, max_length = 100)]
    category: String,
}

/// Changes the category of a ticket.
///
/// Refusals: 404 `ticket_not_found`; 409 `ticket_merged`; 412 `stale_version`; 422 per field.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/category",
    tag = "desk",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = ChangeCategoryRequest,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn change_ticket_category(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(ChangeCategoryRequest { category }): Json<ChangeCategoryRequest>,
) -> Result<impl IntoResponse, Problem> {
    let category = Some(category);
    let command = TicketCommand::ClassifyTicket(Classification { category, ..Classification::default() });
    dispatch_and_respond(&app, &caller, &invocation, ticket_id, command).await
}
