//! `PATCH /crm/tickets/{id}`, `POST …/status`, `/priority`, `/category`, `/tags`: a ticket is moved and sorted.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::support::{Classification, Status, TicketCommand};
use domain::{Command, Dispatch, TicketId};
use serde::Deserialize;

use super::one::detail;
use super::view::TicketDetail;
use crate::app::{App, Shared};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{IfMatch, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::own::priority;

/// What changes; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketPatch {
    /// `low`, `medium`, `high` or `urgent`.
    priority: Option<String>,
    #[schema(min_length = 1, max_length = 100)]
    category: Option<String>,
    /// All of them.
    tags: Option<Vec<String>>,
}

/// Sorts a ticket: all that changes, or nothing. `If-Match` is required.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`; 412 `stale_version`;
/// 422 per field; 428 `if_match_required`.
#[utoipa::path(
    patch,
    path = "/crm/tickets/{id}",
    operation_id = "crm_change_ticket",
    tag = "desk",
    params(("id" = Uuid, Path)),
    request_body = TicketPatch,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn patch(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    if_match: IfMatch,
    Path(ticket_id): Path<TicketId>,
    Json(TicketPatch { priority: code, category, tags }): Json<TicketPatch>,
) -> Result<impl IntoResponse, Problem> {
    if_match.required()?;
    let priority = code.as_deref().map(priority).transpose()?;
    let command = TicketCommand::ClassifyTicket(Classification { priority, category, tags });
    act(&app, &caller, &asking, ticket_id, command).await
}

/// Where it shall stand.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStatus {
    /// `open`, `in_progress`, `waiting`, `resolved` or `closed`.
    status: String,
}

/// Moves a ticket. `open` opens again what was resolved or closed.
/// Refusals: 404 `ticket_not_found`; 409 `status_out_of_order`, `ticket_merged`; 412 `stale_version`.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/status",
    operation_id = "crm_move_ticket",
    tag = "desk",
    params(("id" = Uuid, Path)),
    request_body = NewStatus,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn status(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    Json(NewStatus { status: code }): Json<NewStatus>,
) -> Result<impl IntoResponse, Problem> {
    let command = TicketCommand::ChangeStatus { to: status_of(&code)? };
    act(&app, &caller, &asking, ticket_id, command).await
}

/// A status by its code.
///
/// # Errors
/// It is none: 422.
pub(super) fn status_of(code: &str) -> Result<Status, Problem> {
    Status::parse(code).ok_or_else(|| Problem::field("/status", "unknown"))
}

/// How urgent it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPriority {
    /// `low`, `medium`, `high` or `urgent`.
    priority: String,
}

/// Gives a ticket another priority.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`; 412 `stale_version`.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/priority",
    operation_id = "crm_prioritise_ticket",
    tag = "desk",
    params(("id" = Uuid, Path)),
    request_body = NewPriority,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn prioritise(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    Json(NewPriority { priority: code }): Json<NewPriority>,
) -> Result<impl IntoResponse, Problem> {
    let priority = Some(priority(&code)?);
    let command = TicketCommand::ClassifyTicket(Classification { priority, ..Classification::default() });
    act(&app, &caller, &asking, ticket_id, command).await
}

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

/// All of its tags.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTags {
    /// At most 20, of at most 50 characters.
    tags: Vec<String>,
}

/// Gives a ticket these tags instead of those it had.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_merged`; 412 `stale_version`; 422 per field.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/tags",
    operation_id = "crm_tag_ticket",
    tag = "desk",
    params(("id" = Uuid, Path)),
    request_body = NewTags,
    responses((status = 200, body = TicketDetail)),
)]
pub async fn tag(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    Json(NewTags { tags }): Json<NewTags>,
) -> Result<impl IntoResponse, Problem> {
    let tags = Some(tags);
    let command = TicketCommand::ClassifyTicket(Classification { tags, ..Classification::default() });
    act(&app, &caller, &asking, ticket_id, command).await
}

/// One command, and the ticket as it is then.
pub(super) async fn act(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    ticket_id: TicketId,
    command: TicketCommand,
) -> Result<impl IntoResponse + use<>, Problem> {
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), asking.context()).await?;
    let (version, ticket) = detail(app, caller, asking, ticket_id).await?;
    Ok((LogPosition(receipt.position), version, ticket))
}
