//! `POST /tickets`, `GET`: somebody asks the desk, and sees what they have asked.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::support::{Channel, NewTicket, Priority, Status, TicketCommand};
use domain::{Command, Dispatch, TicketId};
use jiff::Timestamp;
use projections::support::{TicketFilter, TicketRow, TicketSort, tickets};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::one::OwnTicket;
use super::story::Story;
use crate::app::Shared;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, MinPosition, Version};
use crate::http::page::{ListQuery, Page, PageParams, chosen};
use crate::http::problem::Problem;

/// A ticket as it is opened.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTicket)]
pub struct Opening {
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

impl Opening {
    /// The ticket of a requester, through a door.
    ///
    /// # Errors
    /// The priority is none: 422.
    pub fn ticket(self, requester: domain::AccountId, channel: Channel) -> Result<NewTicket, Problem> {
        let priority = self.priority.as_deref().map(priority).transpose()?.unwrap_or(Priority::Medium);
        let Self { title, description, category, tags, .. } = self;
        Ok(NewTicket { requester, title, description, priority, category, tags, channel })
    }
}

/// A priority by its code.
///
/// # Errors
/// It is none: 422.
pub fn priority(code: &str) -> Result<Priority, Problem> {
    Priority::parse(code).ok_or_else(|| Problem::field("/priority", "unknown"))
}

/// The ticket that a request opens: the same request again, the same ticket.
pub fn new_ticket_id(asking: &Asking) -> TicketId {
    TicketId(Uuid::new_v5(&asking.context().command_id.uuid(), b"ticket"))
}

/// Asks the desk.
/// Refusals: 422 `title_missing`, and per field.
#[utoipa::path(
    post,
    path = "/tickets",
    operation_id = "open_ticket",
    tag = "tickets",
    request_body = Opening,
    responses((status = 201, body = OwnTicket)),
)]
pub async fn open(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Json(opening): Json<Opening>,
) -> Result<impl IntoResponse, Problem> {
    let ticket_id = new_ticket_id(&asking);
    let ticket = opening.ticket(caller.account_id, Channel::Web)?;
    let command = Command::Ticket(ticket_id, TicketCommand::OpenTicket(ticket));
    let receipt = app.bus.dispatch(command, asking.context()).await?;
    let story = Story::of_requester(&app, ticket_id, caller.account_id).await?;
    let ticket = OwnTicket::of(&app, &story, asking.request.language);
    Ok((StatusCode::CREATED, LogPosition(receipt.position), Version(story.version), Answer(ticket)))
}

/// One's own ticket in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnTicketRow {
    #[schema(value_type = Uuid)]
    id: TicketId,
    title: Option<String>,
    /// `open`, `in_progress`, `waiting` (for oneself), `resolved` or `closed`.
    status: String,
    priority: String,
    category: String,
    tags: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    replies_count: i32,
    rating: Option<i16>,
    version: i64,
}

/// Which of one's tickets.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// `open`, `in_progress`, `waiting`, `resolved` or `closed`.
    status: Option<String>,
}

/// One's own tickets, the latest first.
#[utoipa::path(
    get,
    path = "/tickets",
    operation_id = "own_tickets",
    tag = "tickets",
    params(Filter, PageParams),
    responses((status = 200, body = Page<OwnTicketRow>)),
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    fresh: MinPosition,
    query: ListQuery<Filter>,
) -> Result<impl IntoResponse, Problem> {
    let status = chosen("status", query.filter.status.as_deref(), Status::parse)?;
    fresh.reached(&app, &["tickets", "crm_users"]).await?;
    let filter = TicketFilter {
        requester: Some(caller.account_id),
        statuses: status.into_iter().collect(),
        ..TicketFilter::default()
    };
    let now = app.clock.now();
    let page = tickets(&app.pool, &filter, TicketSort::Newest, now, query.place()?, query.limit).await?;
    Ok(Answer(Page::read(page).map(OwnTicketRow::from)))
}

/// Of the row only what the requester may see: notes among agents are not even counted.
impl From<TicketRow> for OwnTicketRow {
    fn from(row: TicketRow) -> Self {
        Self {
            id: row.ticket_id,
            title: row.title,
            status: row.status,
            priority: row.priority,
            category: row.category,
            tags: row.tags,
            opened_at: row.opened_at,
            updated_at: row.updated_at,
            replies_count: row.replies,
            rating: row.rating,
            version: row.version,
        }
    }
}
