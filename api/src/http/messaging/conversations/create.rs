//! `POST /conversations`: opens a direct conversation.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::messaging::{ConversationCommand, ConversationKind, NewConversation, direct_conversation_id};
use domain::{AccountId, Command, Dispatch, StreamVersion};
use serde::Deserialize;

use super::view::{ConversationView, ConversationViewer};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::messaging::log_lookup::load_event_at;
use crate::http::problem::Problem;

/// Other participant of a direct conversation.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenConversationRequest {
    #[schema(value_type = Uuid)]
    participant_id: AccountId,
}

/// Opens a direct conversation with another person.
///
/// The status is 201 for a new conversation, and 200 if either person has opened it before.
///
/// Refusals: 404 `not_found`; 422 `bad_participants` if the other participant is the caller.
#[utoipa::path(
    post,
    path = "/conversations",
    tag = "messages",
    request_body = OpenConversationRequest,
    responses((status = 201, body = ConversationView), (status = 200, body = ConversationView)),
)]
pub async fn open_conversation(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Json(request): Json<OpenConversationRequest>,
) -> Result<impl IntoResponse, Problem> {
    let (own, other) = (caller.account_id, request.participant_id);
    if app.account(other).await?.state.person().is_none() {
        return Err(Problem::not_found());
    }
    let id = direct_conversation_id(own, other);
    let new =
        NewConversation { kind: ConversationKind::Direct, participants: vec![own, other], context: None };
    let context = invocation.context();
    let command_id = context.command_id;
    let command = Command::Conversation(id, ConversationCommand::StartConversation(new));
    let receipt = app.bus.dispatch(command, context).await?;
    // The conversation is new if its last event has this command id.
    let last = load_event_at(&app, receipt.position).await?;
    let is_new = receipt.version() == StreamVersion(1)
        && last.is_some_and(|last| last.metadata.command_id == command_id);
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let view = ConversationView::load(
        &app,
        id,
        ConversationViewer::from_caller(&caller, invocation.request.language),
    )
    .await?;
    Ok((status, LogPosition(receipt.position), ETag(view.version()), Answer(view)))
}
