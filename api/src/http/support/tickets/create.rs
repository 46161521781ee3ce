//! `POST /tickets`: opens a support ticket.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::support::{Channel, NewTicket, Priority, TicketCommand};
use domain::{Command, Dispatch, TicketId};
use serde::Deserialize;
use uuid::Uuid;

use super::history::TicketHistory;
use super::view::OwnTicket;
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::Problem;

/// Ticket to open.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTicketRequest {
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    #[schema(min_length = 1, max_length = 10_000)]
    pub description: String,
    /// `low`, `medium` (default), `high` or `urgent`.
    pub priority: Option<String>,
    #[schema(min_length = 1, max_length = 100)]
    pub category: String,
    /// At most 20 tags of at most 50 characters.
    #[serde(default)]
    pub tags: Vec<String>,
}

impl OpenTicketRequest {
    /// Builds the ticket of a requester that came through a channel.
    ///
    /// # Errors
    /// 422 `unknown` at `/priority` if the priority is invalid.
    pub fn into_ticket(self, requester: domain::AccountId, channel: Channel) -> Result<NewTicket, Problem> {
        let priority = self.priority.as_deref().map(parse_priority).transpose()?.unwrap_or(Priority::Medium);
        let Self { title, description, category, tags, .. } = self;
        Ok(NewTicket { requester, title, description, priority, category, tags, channel })
    }
}

/// Parses the code of a priority.
///
/// # Errors
/// 422 `unknown` at `/priority` if the code is invalid.
pub fn parse_priority(code: &str) -> Result<Priority, Problem> {
    Priority::parse(code).ok_or_else(|| Problem::field("/priority", "unknown"))
}

/// Derives the id of the ticket that a request opens; a repeated request has the same id.
pub fn derive_ticket_id(invocation: &Invocation) -> TicketId {
    TicketId(Uuid::new_v5(&invocation.context().command_id.uuid(), b"ticket"))
}

/// Opens a support ticket.
///
/// Refusals: 422 `title_missing`; 422 per field.
#[utoipa::path(
    post,
    path = "/tickets",
    tag = "tickets",
    request_body = OpenTicketRequest,
    params(Invocation),
    responses((status = 201, body = OwnTicket)),
)]
pub async fn open_ticket(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(request): Json<OpenTicketRequest>,
) -> Result<impl IntoResponse, Problem> {
    let ticket_id = derive_ticket_id(&invocation);
    let ticket = request.into_ticket(caller.account_id, Channel::Web)?;
    let command = Command::Ticket(ticket_id, TicketCommand::OpenTicket(ticket));
    let receipt = app.bus.dispatch(command, invocation.context()).await?;
    let history = TicketHistory::load_for_requester(&app, ticket_id, caller.account_id).await?;
    let ticket = OwnTicket::from_history(&app, &history, invocation.request.language);
    Ok((StatusCode::CREATED, LogPosition(receipt.position), ETag(history.version), Answer(ticket)))
}
