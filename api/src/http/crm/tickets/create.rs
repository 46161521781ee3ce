//! `POST /crm/tickets`: opens a ticket on behalf of a person.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::support::{Channel, TicketCommand};
use domain::{AccountId, Command, Dispatch};
use serde::Deserialize;

use super::get::load_detail;
use super::view::TicketDetail;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::problem::Problem;
use crate::http::support::tickets::create::{OpenTicketRequest, derive_ticket_id};

/// A ticket that an agent opens on behalf of a person.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTicketForUser)]
pub struct OpenUserTicketRequest {
    /// Account of the requester.
    #[schema(value_type = Uuid)]
    requester_id: AccountId,
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    #[schema(min_length = 1, max_length = 10_000)]
    description: String,
    /// `low`, `medium` (the default), `high` or `urgent`.
    priority: Option<String>,
    #[schema(min_length = 1, max_length = 100)]
    category: String,
    /// At most 20, of at most 50 characters.
    #[serde(default)]
    tags: Vec<String>,
}

/// Opens a ticket on behalf of a person.
///
/// Refusals: 422 `title_missing`, and per field; `/requester_id` for an unknown account.
#[utoipa::path(
    post,
    path = "/crm/tickets",
    tag = "desk",
    request_body = OpenUserTicketRequest,
    params(Invocation),
    responses((status = 201, body = TicketDetail)),
)]
pub async fn open_ticket_for_requester(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(opening): Json<OpenUserTicketRequest>,
) -> Result<impl IntoResponse, Problem> {
    let OpenUserTicketRequest { requester_id, title, description, priority, category, tags } = opening;
    if app.account(requester_id).await?.state.person().is_none() {
        return Err(Problem::field("/requester_id", "unknown"));
    }
    let ticket_id = derive_ticket_id(&invocation);
    let opening = OpenTicketRequest { title, description, priority, category, tags };
    let ticket = opening.into_ticket(requester_id, Channel::Agent)?;
    let command = Command::Ticket(ticket_id, TicketCommand::OpenTicket(ticket));
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    let (version, ticket) = load_detail(&app, &caller, &invocation, ticket_id).await?;
    Ok((StatusCode::CREATED, LogPosition(receipt.position), version, ticket))
}
