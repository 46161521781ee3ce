//! `POST /tickets/{id}/satisfaction`, `/ticket-ratings/{token}`: what the requester thinks of the answer.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::support::{TicketCommand, TicketError};
use domain::{Command, Dispatch, Refuses, TicketId};
use serde::Deserialize;

use super::one::OwnTicket;
use super::story::Story;
use crate::app::Shared;
use crate::auth::rating_link::RatingLink;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// A rating.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Satisfaction {
    /// From 1 (bad) to 5 (good).
    #[schema(minimum = 1, maximum = 5)]
    rating: u8,
    #[schema(max_length = 2_000)]
    comment: Option<String>,
}

/// Rates one's own ticket, once for each time that it was resolved.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_not_resolved`, `already_rated`, `ticket_merged`; 422 per field.
#[utoipa::path(
    post,
    path = "/tickets/{id}/satisfaction",
    operation_id = "rate_ticket",
    tag = "tickets",
    params(("id" = Uuid, Path)),
    request_body = Satisfaction,
    responses((status = 200, body = OwnTicket)),
)]
pub async fn rate(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    Json(Satisfaction { rating, comment }): Json<Satisfaction>,
) -> Result<impl IntoResponse, Problem> {
    let by = caller.account_id;
    let command = TicketCommand::RateSatisfaction { by, rating, comment };
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), asking.context()).await?;
    let story = Story::of_requester(&app, ticket_id, by).await?;
    let ticket = OwnTicket::of(&app, &story, asking.request.language);
    Ok((LogPosition(receipt.position), Version(story.version), Answer(ticket)))
}

/// Rates a ticket by the signed link that its requester was given; no session is asked for.
/// Refusals: 404 `ticket_not_found` where the link is none, or older than 30 days; else as with a session.
#[utoipa::path(
    post,
    path = "/ticket-ratings/{token}",
    operation_id = "rate_ticket_by_link",
    tag = "tickets",
    params(("token" = String, Path)),
    request_body = Satisfaction,
    responses((status = 204)),
)]
pub async fn rate_by_link(
    State(app): State<Shared>,
    asking: Asking,
    Path(token): Path<String>,
    Json(Satisfaction { rating, comment }): Json<Satisfaction>,
) -> Result<impl IntoResponse, Problem> {
    let link = RatingLink::read(&app.keys, &token, app.clock.now());
    let Some(RatingLink { ticket_id, requester }) = link else {
        return Err(TicketError::NotFound.refusal().into());
    };
    let command = TicketCommand::RateSatisfaction { by: requester, rating, comment };
    let context = Asking::as_account(asking.context(), requester, None);
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), context).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(receipt.position), ()))
}
