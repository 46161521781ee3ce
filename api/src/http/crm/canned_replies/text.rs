//! `GET /crm/canned-replies/{id}/text`: a canned reply, filled in for a ticket.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::TicketId;
use domain::support::{TemplateValues, fill};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::view::load_body;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::page::Query;
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::tickets::history::TicketHistory;

/// Ticket to fill in.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CannedReplyTextQuery {
    #[param(value_type = Uuid)]
    ticket: TicketId,
}

/// A filled-in text that the agent can send or edit.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FilledReply {
    body: String,
}

/// Returns a canned reply, filled in for a ticket.
///
/// The caller is the agent in the text.
/// Refusals: 404, also `ticket_not_found`.
#[utoipa::path(get, path = "/crm/canned-replies/{id}/text", tag = "desk",
    params(Invocation, ("id" = Uuid, Path), CannedReplyTextQuery), responses((status = 200, body = FilledReply)))]
pub async fn fill_in_canned_reply(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<Uuid>,
    Query(CannedReplyTextQuery { ticket }): Query<CannedReplyTextQuery>,
) -> Result<impl IntoResponse, Problem> {
    let body = load_body(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    let story = TicketHistory::load(&app, ticket).await?;
    let locale = invocation.request.language;
    let agent = caller.person.profile.name.as_ref().and_then(domain::Personal::known);
    let filling = TemplateValues {
        requester_name: story.display_name(story.state.requester, locale),
        agent_name: agent.map(|name| name.as_str().to_owned()).unwrap_or_default(),
        ticket_title: story.title.clone().unwrap_or_default(),
        ticket_category: story.state.category.clone(),
    };
    Ok(Answer(FilledReply { body: fill(&body, &filling) }))
}
