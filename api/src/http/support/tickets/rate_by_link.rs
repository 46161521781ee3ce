//! `POST /ticket-ratings/{token}`: rates a ticket by the signed link of its requester, without a session.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::support::{TicketCommand, TicketError};
use domain::{Command, Dispatch, RefusalError};

use super::rate::RateTicketRequest;
use crate::app::AppState;
use crate::auth::rating_link::RatingLink;
use crate::http::body::Json;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Rates a ticket by a signed link, without a session.
///
/// The requester gets the link when the ticket is resolved.
///
/// Refusals: 404 `ticket_not_found` if the link is invalid or older than 30 days; 409 `ticket_not_resolved`,
/// `already_rated`, `ticket_merged`; 422 per field.
#[utoipa::path(
    post,
    path = "/ticket-ratings/{token}",
    tag = "tickets",
    params(Invocation, ("token" = String, Path)),
    request_body = RateTicketRequest,
    responses((status = 204)),
)]
pub async fn rate_ticket_by_link(
    State(app): State<AppState>,
    invocation: Invocation,
    Path(token): Path<String>,
    Json(RateTicketRequest { rating, comment }): Json<RateTicketRequest>,
) -> Result<impl IntoResponse, Problem> {
    let link = RatingLink::parse(&app.keys, &token, app.clock.now());
    let Some(RatingLink { ticket_id, requester }) = link else {
        return Err(TicketError::NotFound.refusal().into());
    };
    let command = TicketCommand::RateSatisfaction { by: requester, rating, comment };
    let context = Invocation::on_behalf_of(invocation.context(), requester, None);
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), context).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
