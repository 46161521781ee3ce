//! `POST /crm/tickets/{id}/category`: gives a ticket another category.

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

/// What it is about.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    #[schema(min_length = 1, max_length = 100)]
    category: String,
}

/// Gives a ticket another category.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_merged`; 412 `stale_version`; 422 per field.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/category",
    operation_id = "crm_categorise_ticket",
    tag = "desk",
    params(("id" = Uuid, Path)),
    request_body = NewCategory,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn categorise(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    Json(NewCategory { category }): Json<NewCategory>,
) -> Result<impl IntoResponse, Problem> {
    let category = Some(category);
    let command = TicketCommand::ClassifyTicket(Classification { category, ..Classification::default() });
    act(&app, &caller, &asking, ticket_id, command).await
}
