//! `POST /tickets/{id}/satisfaction`: rates a ticket of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::support::TicketCommand;
use domain::{Command, Dispatch, TicketId};
use serde::Deserialize;

use super::history::TicketHistory;
use super::view::OwnTicket;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Rating of a ticket.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateTicketRequest {
    /// From 1 (bad) to 5 (good).
    #[schema(minimum = 1, maximum = 5)]
    pub(super) rating: u8,
    #[schema(max_length = 2_000)]
    pub(super) comment: Option<String>,
}

/// Rates a resolved ticket of the caller.
///
/// A ticket can be rated once after each resolution.
///
/// Refusals: 404 `ticket_not_found`; 409 `ticket_not_resolved`, `already_rated`, `ticket_merged`; 422 per
/// field.
#[utoipa::path(
    post,
    path = "/tickets/{id}/satisfaction",
    tag = "tickets",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = RateTicketRequest,
    responses((status = 200, body = OwnTicket)),
)]
pub async fn rate_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    Json(RateTicketRequest { rating, comment }): Json<RateTicketRequest>,
) -> Result<impl IntoResponse, Problem> {
    let by = caller.account_id;
    let command = TicketCommand::RateSatisfaction { by, rating, comment };
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), invocation.context()).await?;
    let history = TicketHistory::load_for_requester(&app, ticket_id, by).await?;
    let ticket = OwnTicket::from_history(&app, &history, invocation.request.language);
    Ok((LogPosition(receipt.position), ETag(history.version), Answer(ticket)))
}
