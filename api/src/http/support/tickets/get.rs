//! `GET /tickets/{id}`: returns a ticket of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::TicketId;

use super::history::TicketHistory;
use super::view::OwnTicket;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::ETag;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Returns a ticket of the caller.
///
/// Refusals: 404 `ticket_not_found`, also if the ticket has another requester.
#[utoipa::path(
    get,
    path = "/tickets/{id}",
    tag = "tickets",
    params(Invocation, ("id" = Uuid, Path)),
    responses((status = 200, body = OwnTicket)),
)]
pub async fn get_own_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(ticket_id): Path<TicketId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let history = TicketHistory::load_for_requester(&app, ticket_id, caller.account_id).await?;
    let ticket = OwnTicket::from_history(&app, &history, invocation.request.language);
    Ok((ETag(history.version), Answer(ticket)))
}
