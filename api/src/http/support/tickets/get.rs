//! `GET /tickets/{id}`: one's own ticket.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::TicketId;

use super::history::Story;
use super::view::OwnTicket;
use crate::app::Shared;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::Version;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// One's own ticket.
/// Refusals: 404 `ticket_not_found`, also of others' tickets.
#[utoipa::path(
    get,
    path = "/tickets/{id}",
    operation_id = "own_ticket",
    tag = "tickets",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = OwnTicket)),
)]
pub async fn ticket(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let story = Story::of_requester(&app, ticket_id, caller.account_id).await?;
    let ticket = OwnTicket::of(&app, &story, asking.request.language);
    Ok((Version(story.version), Answer(ticket)))
}
