//! Ticket as the API shows it to its requester.

use domain::accounts::Locale;
use domain::{AccountId, StreamVersion, TicketId};
use jiff::Timestamp;
use serde::Serialize;

use super::history::{TicketHistory, TicketReplyView};
use crate::app::App;
use crate::auth::rating_link::RatingLink;

/// Ticket of the caller with its replies, without internal notes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnTicket {
    #[schema(value_type = Uuid)]
    id: TicketId,
    title: Option<String>,
    description: Option<String>,
    /// `open`, `in_progress`, `waiting` (for the requester), `resolved` or `closed`.
    status: &'static str,
    priority: &'static str,
    category: String,
    tags: Vec<String>,
    #[schema(value_type = Uuid)]
    requester_id: AccountId,
    /// Name of the agent who works on the ticket.
    assignee_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    replies: Vec<TicketReplyView>,
    rating: Option<u8>,
    rating_comment: Option<String>,
    /// Token for `POST /ticket-ratings/{token}`; null if the ticket cannot be rated.
    rating_token: Option<String>,
    #[schema(value_type = u64)]
    version: StreamVersion,
}

impl OwnTicket {
    pub(super) fn from_history(app: &App, history: &TicketHistory, locale: Locale) -> Self {
        let case = &history.state;
        let link = RatingLink { ticket_id: history.ticket_id, requester: case.requester };
        let can_be_rated = case.merged_into.is_none() && case.rating.is_none();
        Self {
            id: history.ticket_id,
            title: history.title.clone(),
            description: history.description.clone(),
            status: case.status().as_str(),
            priority: case.priority.as_str(),
            category: case.category.clone(),
            tags: case.tags.clone(),
            requester_id: case.requester,
            assignee_name: case.assignee.map(|agent| history.display_name(agent, locale)),
            opened_at: history.opened_at,
            updated_at: history.updated_at,
            replies: history.replies.iter().map(|reply| history.view_message(reply, locale)).collect(),
            rating: case.rating,
            rating_comment: history.rating_comment.clone(),
            rating_token: history.resolved_at.filter(|_| can_be_rated).map(|at| link.token(&app.keys, at)),
            version: history.version,
        }
    }
}
