//! `POST /tickets`: asks the desk.

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

/// A ticket as it is opened.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTicket)]
pub struct OpenTicketRequest {
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    #[schema(min_length = 1, max_length = 10_000)]
    pub description: String,
    /// `low`, `medium` (as without it), `high` or `urgent`.
    pub priority: Option<String>,
    #[schema(min_length = 1, max_length = 100)]
    pub category: String,
    /// At most 20, of at most 50 characters.
    #[serde(default)]
    pub tags: Vec<String>,
}

impl OpenTicketRequest {
    /// The ticket of a requester, through a door.
    ///
    /// # Errors
    /// The priority is none: 422.
    pub fn into_ticket(self, requester: domain::AccountId, channel: Channel) -> Result<NewTicket, Problem> {
        let priority = self.priority.as_deref().map(parse_priority).transpose()?.unwrap_or(Priority::Medium);
        let Self { title, description, category, tags, .. } = self;
        Ok(NewTicket { requester, title, description, priority, category, tags, channel })
    }
}

/// A priority by its code.
///
/// # Errors
/// It is none: 422.
pub fn parse_priority(code: &str) -> Result<Priority, Problem> {
    Priority::parse(code).ok_or_else(|| Problem::field("/priority", "unknown"))
}

/// The ticket that a request opens: the same request again, the same ticket.
pub fn derive_ticket_id(invocation: &Invocation) -> TicketId {
    TicketId(Uuid::new_v5(&invocation.context().command_id.uuid(), b"ticket"))
}

/// Asks the desk.
/// Refusals: 422 `title_missing`, and per field.
#[utoipa::path(
    post,
    path = "/tickets",
    operation_id = "open_ticket",
    tag = "tickets",
    request_body = OpenTicketRequest,
    responses((status = 201, body = OwnTicket)),
)]
pub async fn open(
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
