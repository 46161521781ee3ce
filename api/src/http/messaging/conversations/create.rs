//! `POST /conversations`: opens a direct conversation.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::Person;
use domain::messaging::{
    Conversation, ConversationCommand, ConversationKind, NewConversation, direct_conversation_id, may_write,
};
use domain::{AccountId, Command, ConversationId, Dispatch, StreamVersion};
use projections::scheduling::find_ties;
use serde::Deserialize;

use super::view::{ConversationView, ConversationViewer};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition, MinPosition};
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
/// Students write to teachers, and people to those with whom they share a lesson, a class, a request or an earlier
/// conversation. Staff write to all people.
///
/// Refusals: 404 `not_found`, also for people whom the caller may not write to; 422 `bad_participants` if the other participant is the caller.
#[utoipa::path(
    post,
    path = "/conversations",
    tag = "messages",
    request_body = OpenConversationRequest,
    params(Invocation),
    responses((status = 201, body = ConversationView), (status = 200, body = ConversationView)),
)]
pub async fn open_conversation(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    fresh: MinPosition,
    Json(request): Json<OpenConversationRequest>,
) -> Result<impl IntoResponse, Problem> {
    let (own, other) = (caller.account_id, request.participant_id);
    let account = app.account(other).await?;
    let id = direct_conversation_id(own, other);
    match account.state.person() {
        Some(recipient) if may_open(&app, &caller, recipient, id, fresh).await? => {}
        // A stranger is told nothing about the other person, not even that there is one.
        Some(_) | None => return Err(Problem::not_found()),
    }
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

/// Returns true if the caller may open the conversation. The caller themselves is refused by a rule of conversations.
async fn may_open(
    app: &AppState,
    caller: &Caller,
    recipient: &Person,
    id: ConversationId,
    fresh: MinPosition,
) -> Result<bool, Problem> {
    if recipient.account_id == caller.account_id {
        return Ok(true);
    }
    fresh.wait_for(app, &["slots", "classes", "lesson_requests"]).await?;
    let mut ties = find_ties(&app.pool, caller.account_id, recipient.account_id).await?;
    ties.conversation = *app.bus.load::<Conversation>(id).await?.state != Conversation::Unstarted;
    Ok(may_write(caller.roles(), &recipient.roles, ties))
}
