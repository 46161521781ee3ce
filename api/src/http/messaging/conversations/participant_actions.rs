//! `POST /conversations/{id}/read`, `/archive`, `/unarchive`, `/clear`, `/hide`, `/block`, `/unblock`:
//! actions that affect the view of one participant.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::messaging::ConversationCommand;
use domain::{AccountId, Command, ConversationId, Dispatch};
use serde::Deserialize;

use super::view::{ConversationView, ConversationViewer};
use crate::app::{App, AppState};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Read position of the caller.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadConversationRequest {
    /// Number of the last read message; a larger number means the last message.
    up_to: u64,
}

/// Marks messages of a conversation as read.
///
/// The read position never goes back; a smaller number changes nothing.
///
/// Refusals: 404 `conversation_not_found`.
#[utoipa::path(
    post,
    path = "/conversations/{id}/read",
    tag = "messages",
    params(Invocation, ("id" = Uuid, Path)),
    request_body = ReadConversationRequest,
    responses((status = 200, body = ConversationView)),
)]
pub async fn read_conversation(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<ConversationId>,
    Json(read): Json<ReadConversationRequest>,
) -> Result<impl IntoResponse, Problem> {
    let command = ConversationCommand::MarkRead { by: caller.account_id, up_to: read.up_to };
    dispatch_and_respond(&app, &caller, &invocation, id, command).await
}

/// Declares the endpoints without a body: documentation, name, path and command.
macro_rules! without_body {
    ($( $(#[doc = $doc:literal])* $name:ident, $path:literal, $command:expr; )+) => { $(
        $(#[doc = $doc])*
        #[utoipa::path(
            post,
            path = $path,
            tag = "messages",
            params(("id" = Uuid, Path)),
            responses((status = 200, body = ConversationView)),
        )]
        pub async fn $name(
            State(app): State<AppState>,
            caller: Caller,
            invocation: Invocation,
            Path(id): Path<ConversationId>,
        ) -> Result<impl IntoResponse, Problem> {
            let command: fn(AccountId) -> ConversationCommand = $command;
            dispatch_and_respond(&app, &caller, &invocation, id, command(caller.account_id)).await
        }
    )+ };
}

without_body! {
    /// Archives a conversation for the caller.
    ///
    /// It stays archived when messages arrive.
    ///
    /// Refusals: 404 `conversation_not_found`.
    archive_conversation, "/conversations/{id}/archive", |by| ConversationCommand::Archive { by };
    /// Removes a conversation from the caller's archive.
    ///
    /// Refusals: 404 `conversation_not_found`.
    unarchive_conversation, "/conversations/{id}/unarchive", |by| ConversationCommand::Unarchive { by };
    /// Clears a conversation for the caller.
    ///
    /// The other participants keep the messages.
    ///
    /// Refusals: 404 `conversation_not_found`.
    clear_conversation, "/conversations/{id}/clear", |by| ConversationCommand::Clear { by };
    /// Hides a conversation until its next message.
    ///
    /// Refusals: 404 `conversation_not_found`.
    hide_conversation, "/conversations/{id}/hide", |by| ConversationCommand::Hide { by };
    /// Blocks the other participant of a direct conversation.
    ///
    /// A blocked participant cannot send or edit messages in the conversation.
    ///
    /// Refusals: 404 `conversation_not_found`; 409 `not_a_direct_conversation`.
    block_conversation, "/conversations/{id}/block", |by| ConversationCommand::BlockOther { by };
    /// Unblocks the other participant of a direct conversation.
    ///
    /// Refusals: 404 `conversation_not_found`; 409 `not_a_direct_conversation`.
    unblock_conversation, "/conversations/{id}/unblock", |by| ConversationCommand::UnblockOther { by };
}

async fn dispatch_and_respond(
    app: &App,
    caller: &Caller,
    invocation: &Invocation,
    id: ConversationId,
    command: ConversationCommand,
) -> Result<Response, Problem> {
    let receipt = app.bus.dispatch(Command::Conversation(id, command), invocation.context()).await?;
    let view =
        ConversationView::load(app, id, ConversationViewer::from_caller(caller, invocation.request.language))
            .await?;
    Ok((LogPosition(receipt.position), ETag(view.version()), Answer(view)).into_response())
}
