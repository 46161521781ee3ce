//! `POST /crm/tickets/{id}/replies`: replies to the requester.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::support::TicketCommand;
use domain::{Command, Dispatch, TicketId};
use uuid::Uuid;

use crate::app::Shared;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::path::Path;
use crate::http::problem::Problem;
use crate::http::support::tickets::history::{Said, SaidView, Story};
use crate::http::support::tickets::reply::{Text, new_reply_id};

/// Replies to the requester.
/// Refusals: 404 `ticket_not_found`; 409 `ticket_closed`, `ticket_merged`; 412 `stale_version`; 422 per field.
#[utoipa::path(
    post,
    path = "/crm/tickets/{id}/replies",
    operation_id = "crm_reply",
    tag = "desk",
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
    let command = TicketCommand::ReplyAsAgent { reply_id, by, body };
    let receipt = app.bus.dispatch(Command::Ticket(ticket_id, command), asking.context()).await?;
    let story = Story::load(&app, ticket_id).await?;
    answer(&story, &story.replies, reply_id.uuid(), receipt.position, &asking)
}

pub(super) fn answer(
    story: &Story,
    list: &[Said],
    id: Uuid,
    position: u64,
    asking: &Asking,
) -> Result<(StatusCode, LogPosition, Version, Answer<SaidView>), Problem> {
    let said = list.iter().find(|said| said.id == id).ok_or_else(Problem::not_found)?;
    let said = story.shown(said, asking.request.language);
    Ok((StatusCode::CREATED, LogPosition(position), Version(story.version), Answer(said)))
}
