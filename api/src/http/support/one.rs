//! `GET /tickets/{id}`, `POST /tickets/{id}/replies`: one's own ticket, and what one adds to it.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::Locale;
use domain::support::TicketCommand;
use domain::{AccountId, Command, Dispatch, ReplyId, TicketId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::story::{SaidView, Story};
use crate::app::{App, Shared};
use crate::auth::rating_link::RatingLink;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// One's own ticket: what one asked and was answered, never what agents note among themselves.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnTicket {
    #[schema(value_type = Uuid)]
    id: TicketId,
    title: Option<String>,
    description: Option<String>,
    /// `open`, `in_progress`, `waiting` (for oneself), `resolved` or `closed`.
    status: &'static str,
    priority: &'static str,
    category: String,
    tags: Vec<String>,
    #[schema(value_type = Uuid)]
    requester_id: AccountId,
    /// Who has it.
    assignee_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    replies: Vec<SaidView>,
    rating: Option<u8>,
    rating_comment: Option<String>,
    /// For `POST /ticket-ratings/{token}`, without a session; while the ticket can be rated.
    rating_token: Option<String>,
    version: u64,
}

impl OwnTicket {
    pub(super) fn of(app: &App, story: &Story, locale: Locale) -> Self {
        let case = &story.case;
        let link = RatingLink { ticket_id: story.ticket_id, requester: case.requester };
        let can_be_rated = case.merged_into.is_none() && case.rating.is_none();
        Self {
            id: story.ticket_id,
            title: story.title.clone(),
            description: story.description.clone(),
            status: case.status().as_str(),
            priority: case.priority.as_str(),
            category: case.category.clone(),
            tags: case.tags.clone(),
            requester_id: case.requester,
            assignee_name: case.assignee.map(|agent| story.name(agent, locale)),
            opened_at: story.opened_at,
            updated_at: story.updated_at,
            replies: story.replies.iter().map(|reply| story.shown(reply, locale)).collect(),
            rating: case.rating,
            rating_comment: story.rating_comment.clone(),
            rating_token: story.resolved_at.filter(|_| can_be_rated).map(|at| link.token(&app.keys, at)),
            version: story.version,
        }
    }
}

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

/// What is said.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TicketText)]
pub struct Text {
    #[schema(min_length = 1, max_length = 10_000)]
    pub body: String,
}

/// The reply that a request adds: the same request again, the same reply.
pub fn new_reply_id(asking: &Asking) -> ReplyId {
    ReplyId(Uuid::new_v5(&asking.context().command_id.uuid(), b"reply"))
}

/// Replies in one's own ticket. What was waiting goes on, what was resolved is open again.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`; 422 per field.
#[utoipa::path(
    post,
    path = "/tickets/{id}/replies",
    operation_id = "reply_in_own_ticket",
    tag = "tickets",
    params(("id" = Uuid, Path)),
    request_body = Text,
    responses((status = 201, body = SaidView)),
)]
pub async fn reply(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(ticket_id): Path<TicketId>,
    Json(Text { body }): Json<Text>,
) -> Result<impl IntoResponse, Problem> {
    let (reply_id, by) = (new_reply_id(&asking), caller.account_id);
    let command = TicketCommand::ReplyAsRequester { reply_id, by, body };
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), asking.context()).await?;
    let story = Story::of_requester(&app, ticket_id, by).await?;
    let reply = story.replies.iter().find(|reply| reply.id == reply_id.uuid());
    let reply = reply.map(|reply| story.shown(reply, asking.request.language));
    let reply = reply.ok_or_else(Problem::not_found)?;
    Ok((StatusCode::CREATED, LogPosition(receipt.position), Version(story.version), Answer(reply)))
}
